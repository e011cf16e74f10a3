package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/random"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// ErrNothingShown says that a log shows none of the uncertain quantities.
var ErrNothingShown = errors.New("a log shows none of the uncertain inputs")

// Find returns how many sessions a study needs. If ctx ends first, it returns ctx's error.
func Find(ctx context.Context, s *model.Scenario, q Request,
	control sweep.Control) (*Answer, error) {
	f := &finding{q: &q, control: control, scenario: s}
	err := q.EachCase(s, control, func(_ int, c sweep.Case) error { return f.find(ctx, c) })
	if err != nil {
		return nil, err
	}
	return f.answer, nil
}

// prepare begins the answer for a case.
func (f *finding) prepare(c sweep.Case) error {
	q := f.q
	f.answer = &Answer{Schema: schema, Case: c, Length: q.Length, Tolerance: q.Tolerances[0],
		Reading: string(q.Readings[0]), Assurance: q.Assurance, Truth: q.Truth, Logged: q.Logged,
		Studies: q.Studies}
	draws, err := uncertainty.NewDraws(f.scenario, q.SpreadRequest, c, f.control)
	if err != nil {
		return err
	}
	f.answer.Share, f.answer.Draws = draws.Share, len(draws.Below)
	session := f.scenario.Session(c.Session)
	f.ground = &ground{draws: draws, tolerance: q.Tolerances[0], logged: q.Logged,
		rates:   ratesOf(f.scenario, session, draws, q.Length),
		workers: parallel.Workers(f.control.Workers)}
	if len(f.rates) == 0 {
		return ErrNothingShown
	}
	return nil
}

func (f *finding) find(ctx context.Context, c sweep.Case) error {
	if err := f.prepare(c); err != nil {
		return err
	}
	q, a := f.q, f.answer
	if err := f.simulate(ctx); err != nil {
		return err
	}
	switch reached := q.Length - 1e-9; {
	case a.Default < reached:
		a.Status = Unsafe
		return nil
	case a.Status == TooFew:
		return nil
	case a.Now >= reached:
		a.Status = Already
		return nil
	}
	var err error
	f.watches, err = newWatches(ctx, f.scenario, solver.Case{Session: c.Session, Device: c.Device,
		Environment: c.Environment, StartLevel: q.StartLevel}, q.Logged, int(q.Paths),
		solver.Settings{Seed: q.Seed, Workers: f.control.Workers, Kernel: f.control.Kernel})
	if err != nil {
		return err
	}
	a.Limit = float64(f.newStudies(q.Studies, q.Seed, q.Truth).known()) / float64(q.Studies)
	if a.Limit < q.Assurance {
		a.Status = Never
		if a.Known >= q.Length-1e-9 { // the rates themselves may be too high
			return nil
		}
		return f.others(ctx)
	}
	return f.search(ctx)
}

// purposeDesign is the purpose of the random numbers of the points.
const purposeDesign = 1<<18 + 2

// simulate finds the caps that do not depend on a study, and the surfaces.
func (f *finding) simulate(ctx context.Context) error {
	d, rates := f.draws, f.rates
	// The points of a draw: now; with all rates known; with all but one, and only one, of them
	// known. Then the designs. The last point of all is the scenario as it is.
	special := 2 + 2*len(rates)
	var points [][]float64
	for i, below := range d.Below {
		present := d.Own()
		for j := range present {
			present[j] = d.Law(j).Quantile(below[j])
		}
		known := slices.Clone(present)
		for _, r := range rates {
			known[r.quantity] = math.NaN()
		}
		points = append(points, present, known)
		for _, r := range rates {
			alone, without := slices.Clone(present), slices.Clone(known)
			alone[r.quantity], without[r.quantity] = math.NaN(), r.present[i]
			points = append(points, alone, without)
		}
	}
	groups, first := alike(points, special)
	designs := len(points)
	for _, i := range first {
		points = append(points, f.design(points[i*special+1])...)
	}
	points = append(points, d.Own())
	found := make([]uncertainty.Bound, len(points))
	err := d.Bounds(ctx, points, f.q.Length, func(i int, b uncertainty.Bound) { found[i] = b })
	if err != nil {
		return err
	}
	result := func(k int) estimate.CapResult {
		caps := make([]estimate.CapResult, len(d.Below))
		for i := range caps {
			caps[i] = found[i*special+k].Cap
		}
		return d.Robust(caps)
	}
	cap := func(k int) float64 { return d.Length(result(k).Index) }
	a := f.answer
	a.Default, a.Now, a.Known = d.Length(found[len(points)-1].Best), cap(0), cap(1)
	if result(1).Status == estimate.Unknown {
		a.Status = TooFew
	}
	for j, r := range rates {
		a.Rates = append(a.Rates, Rate{Key: r.Key, Alone: cap(2 + 2*j), Without: cap(3 + 2*j),
			Sessions: -1})
	}
	each := (len(points) - 1 - designs) / len(first)
	surfaces := make([]surface, len(first))
	for g, i := range first {
		at := slices.Concat(points[i*special:(i+1)*special], points[designs+g*each:designs+(g+1)*each])
		bounds := slices.Concat(found[i*special:(i+1)*special], found[designs+g*each:designs+(g+1)*each])
		if surfaces[g], err = f.fit(at, bounds); err != nil {
			return err
		}
	}
	for _, g := range groups {
		f.surfaces = append(f.surfaces, surfaces[g])
	}
	return nil
}

// alike groups the draws whose known points, the second of each, are the same: they differ in
// rates that a log shows alone, so they have one surface. It returns the group of every draw and
// the first draw of every group.
func alike(points [][]float64, each int) (groups, first []int) {
	seen := map[string]int{}
	for i := 0; i < len(points); i += each {
		key := fmt.Sprint(points[i+1])
		g, ok := seen[key]
		if !ok {
			g = len(first)
			seen[key] = g
			first = append(first, i/each)
		}
		groups = append(groups, g)
	}
	return groups, first
}

// design returns points that differ in the rates that a log shows, around one with all of them
// known.
func (f *finding) design(known []float64) (points [][]float64) {
	n := terms(len(f.rates))
	stream := random.Stream{Key: random.NewKey(f.q.Seed), Purpose: purposeDesign}
	for k, u := range random.LatinHypercube(n+n/2+4, len(f.rates), stream) {
		point := slices.Clone(known)
		for j, r := range f.rates {
			point[r.quantity] = r.designed(f.draws.Law(r.quantity), u[j], k)
		}
		points = append(points, point)
	}
	return points
}

// fit fits a surface to the bounds at points.
func (f *finding) fit(points [][]float64, found []uncertainty.Bound) (surface, error) {
	var x [][]float64
	var bounds []float64
	for i, point := range points {
		features := make([]float64, len(f.rates))
		for j, r := range f.rates {
			value := point[r.quantity]
			if math.IsNaN(value) {
				value = float64(r.Rate)
			}
			features[j] = r.feature(value)
		}
		x, bounds = append(x, features), append(bounds, found[i].Upper)
	}
	return fitSurface(x, bounds, f.tolerance)
}

// designed returns the value of a rate at a point of the design: points are spread over small
// values as well as large ones.
func (r *rate) designed(l *model.Law, u float64, point int) float64 {
	top := r.top(l)
	if point%3 == 1 {
		return u * top
	}
	least := min(max(l.Quantile(0.01), top/1000), float64(r.Rate)+top/1000)
	return top * math.Pow(least/top, u)
}

// others finds the inputs that a log does not show and that keep the cap below the length by
// themselves.
func (f *finding) others(ctx context.Context) error {
	q := uncertainty.SensitivityRequest{Request: f.q.Request, Varying: f.q.Varying,
		Design: uncertainty.LatinRules}
	q.Paths = min(q.Paths, 8192)
	q.Fix = slices.Clone(q.Fix)
	for _, r := range f.rates {
		q.Fix = append(q.Fix, r.Key)
	}
	q.Sessions, q.Devices = []string{f.answer.Session}, []string{f.answer.Device}
	q.Environments = []string{f.answer.Environment}
	found, err := uncertainty.FindSensitivity(ctx, f.scenario, q,
		sweep.Control{Workers: f.control.Workers, Kernel: f.control.Kernel, Progress: f.control.Progress})
	if errors.Is(err, uncertainty.ErrNothingVaried) { // chance among the paths remains
		f.answer.Status = TooFew
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range found.Cases[0].Quantities {
		o := Other{e.Key, e.Low.Value, e.Low.Cap}
		if e.High.Cap < e.Low.Cap {
			o = Other{e.Key, e.High.Value, e.High.Cap}
		}
		if o.Cap < f.q.Length-1e-9 {
			f.answer.Others = append(f.answer.Others, o)
		}
	}
	slices.SortStableFunc(f.answer.Others, func(a, b Other) int {
		switch {
		case a.Cap < b.Cap:
			return -1
		case a.Cap > b.Cap:
			return 1
		}
		return 0
	})
	return nil
}
