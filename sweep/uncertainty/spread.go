package uncertainty

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Quantities that differ between sessions are drawn for every path. Uncertain quantities,
// the same for all sessions, are drawn for every set (sets.go). Each set has its own cap;
// the result is the distribution of these caps.
//
//   - Quantiles of the best estimates show how much the cap depends on the uncertain
//     quantities.
//   - The predictive cap is the cap of the mean failure over the sets.
//   - The robust cap is safe for a given share of the uncertain values, with a given
//     confidence.

// SpreadRequest asks for the distribution of caps over the uncertain quantities.
// Paths is fixed; Estimator is weights.
type SpreadRequest struct {
	sweep.Request
	// RobustPaths is the number of paths of the plants that decide the robust caps, of the
	// scenario's own values, and of all sets if only rules vary, because these share a plant.
	// It is Paths if that is more.
	RobustPaths int64
	Varying
	Sets   int        // number of sets of values
	Plants int        // number of plants for the sets; at most Sets
	Design RuleDesign // of the sets of a plant
	Share  float64    // share of the uncertain values for which the robust cap must be safe
}

// Spread is the distribution of the caps of a scenario's cases over the uncertain
// quantities.
type Spread struct {
	Schema     int              `json:"schema"`
	Provenance sweep.Provenance `json:"provenance"`
	Design     SpreadDesign     `json:"design"`
	Cases      []CaseSpread     `json:"cases"`
}

// SpreadDesign records how the uncertain quantities were drawn.
type SpreadDesign struct {
	Sets int `json:"sets"`
	// as requested; a case that varies only rules has as many plants as sets by
	// default
	Plants int        `json:"plants"`
	Rules  RuleDesign `json:"rules"`
	Share  float64    `json:"share"`
	Paths  int64      `json:"paths"` // a set, at least
	// RobustPaths are the paths of the sets that decide the robust caps.
	RobustPaths int64    `json:"robust_paths"`
	Vary        []string `json:"vary"`
	Fix         []string `json:"fix"`
}

// CaseSpread is the result of a case.
type CaseSpread struct {
	sweep.Case
	Plants     int         `json:"plants"` // independent draws
	Quantities []Quantity  `json:"unknowns"`
	Caps       []CapSpread `json:"caps"` // by reading, then tolerance
	Bands      []Band      `json:"bands"`
	Sets       []Set       `json:"sets"`
}

// CapSpread is the distribution of a cap over the sets. Durations are in seconds; 0
// means no cap.
type CapSpread struct {
	Reading   string  `json:"reading"`
	Tolerance float64 `json:"tolerance"`
	// Default is the best estimate at the scenario's values.
	Default float64 `json:"default_cap_s"`
	// Quantiles are those of the best estimates, at CapQuantiles.
	Quantiles [3]CapEstimate `json:"quantiles"`
	// Predictive is the longest session whose mean failure over the sets is within the
	// tolerance, by its upper confidence bound. PredictiveUpper is the upper end of its
	// interval.
	Predictive       float64         `json:"predictive_cap_s"`
	PredictiveUpper  float64         `json:"predictive_cap_upper_s"`
	PredictiveStatus sweep.CapStatus `json:"predictive_status"`
	// Failure is the mean failure at the predictive cap, or of the shortest session if there
	// is no cap. Its standard errors are due to the paths and to the sets drawn.
	Failure   float64 `json:"predictive_failure"`
	PathError float64 `json:"path_error"`
	SetError  float64 `json:"set_error"`
	// Robust is a cap that is safe for RobustShare of the uncertain values, wrong with
	// probability 1 − confidence; a tenth of that is for chance among the paths. It is the
	// RobustRank-th smallest cap among the first sets of the plants.
	Robust       float64         `json:"robust_cap_s"`
	RobustStatus sweep.CapStatus `json:"robust_status"`
	RobustShare  float64         `json:"robust_share"`
	RobustRank   int64           `json:"robust_rank"`
}

// Unknown counts the predictive and the robust caps that too few sessions were simulated
// for, among all.
func (u *Spread) Unknown() (n, all int) {
	for _, c := range u.Cases {
		for _, found := range c.Caps {
			for _, s := range []sweep.CapStatus{found.PredictiveStatus, found.RobustStatus} {
				all++
				if s == sweep.CapUnknown {
					n++
				}
			}
		}
	}
	return n, all
}

// CapQuantiles are the probabilities of the quantiles of caps.
var CapQuantiles = [3]float64{0.05, 0.5, 0.95}

// LeastSets is the least number of sets for 5 and 95 % quantiles: two sets lie beyond each.
const LeastSets = 40

// Range returns the 5 and 95 % quantiles of the j-th cap [s]. With fewer sets than LeastSets
// it returns the smallest and largest cap, and all is true.
func (c CaseSpread) Range(j int) (lower, upper float64, all bool) {
	q := c.Caps[j].Quantiles
	if len(c.Sets) == 0 || len(c.Sets) >= LeastSets {
		return q[0].Value, q[2].Value, false
	}
	lower, upper = math.Inf(1), math.Inf(-1)
	for _, set := range c.Sets {
		lower, upper = min(lower, set.Caps[j].Value), max(upper, set.Caps[j].Value)
	}
	return lower, upper, true
}

// CapEstimate is an estimated cap, or a quantile of caps, with its interval [s].
type CapEstimate struct {
	Value float64 `json:"cap_s"`
	Lower float64 `json:"lower_s"`
	Upper float64 `json:"upper_s"`
}

// Band is the distribution of the failure curves of the sets, for users who mean
// to finish.
type Band struct {
	Reading   string       `json:"reading"`
	Durations []float64    `json:"durations_s"`
	Mean      []float64    `json:"mean"`
	Default   []float64    `json:"default"`
	Quantiles [3][]float64 `json:"quantiles"` // at CapQuantiles
}

// Set is a set of values of the uncertain quantities with its caps.
type Set struct {
	Plant  int       `json:"plant"`  // from 1
	Values []float64 `json:"values"` // by Unknowns, in their units
	// Caps are parallel to CaseSpread.Caps, with intervals for chance among the paths.
	Caps []CapEstimate `json:"caps"`
}

// bandTimes is the number of durations of bands.
const bandTimes = 120

// PlantsFor returns the number of plants needed for a robust cap with a given share and
// confidence.
func PlantsFor(share, confidence float64) int {
	return int(estimate.WilksSize(1-share, drawError(confidence)))
}

// check returns an error if the request is invalid.
func (q *SpreadRequest) check() error {
	switch {
	case q.Sets < 2:
		return &OptionError{"sets", errors.New("expected at least 2")}
	case q.Plants < 0 || q.Plants == 1:
		return &OptionError{"plants",
			errors.New("expected at least 2, because one does not show how far they differ")}
	case q.Plants > q.Sets:
		return &OptionError{"plants",
			fmt.Errorf("%d is more than the number of sets, %d: expected at most that", q.Plants, q.Sets)}
	}
	return nil
}

// FindSpread finds the distribution of the caps of a request's cases over the uncertain
// quantities. If ctx ends first, it returns ctx's error.
func FindSpread(ctx context.Context, s *model.Scenario, q SpreadRequest,
	control sweep.Control) (*Spread, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	u := &Spread{Schema: schema, Design: SpreadDesign{Sets: q.Sets, Plants: q.Plants, Rules: q.Design,
		Share: q.Share, RobustPaths: max(q.Paths, q.RobustPaths),
		Vary: append([]string{}, q.Vary...), Fix: append([]string{}, q.Fix...)}}
	fewest := u.Design.RobustPaths
	err := q.EachCase(s, control, func(_ int, c sweep.Case) error {
		e, err := q.Varying.evaluator(s, &q.Request, c, control)
		if err != nil {
			return err
		}
		found, err := (&spreading{evaluator: e, q: &q}).find(ctx, c)
		fewest = min(fewest, e.paths)
		u.Cases = append(u.Cases, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	u.Design.Paths = fewest
	return u, nil
}

// spreading is the computation of a case, with the results of its sets.
//
// Sets are followed to the full hour after the length at which farFailure times the largest
// tolerance fails as assumed. Those whose caps are not decided by then are followed to the
// horizon, and so are all where the predictive cap is not.
type spreading struct {
	*evaluator // to the horizon
	q          *SpreadRequest
	near       int // number of durations that all sets are followed to
	sets       []drawnSet
	numbers    []int          // of sets, by plant
	firsts     []int          // index of the first set, by plant
	caps       [][]setCaps    // by reading and tolerance, then set
	failure    [][]setFailure // by reading, then set, up to near
}

// farFailure is a multiple of the largest tolerance: where so many fail as assumed, the caps of
// most sets are decided.
const farFailure = 3

// setFailure is the failure of a set by duration, with its standard error and the largest
// possible weight of a path.
type setFailure struct {
	mean, errors, largest []float64
	paths, blocks         int64
}

// find returns the result of a case.
func (w *spreading) find(ctx context.Context, c sweep.Case) (out CaseSpread, err error) {
	plants := w.q.plants(w.quantities)
	if w.sets, err = drawSets(w.quantities, w.q.Sets, plants, w.q.Design, w.q.Seed, 0); err != nil {
		return out, err
	}
	w.numbers = make([]int, plants)
	var points [][]float64
	for i, set := range w.sets {
		if i == 0 || set.plant != w.sets[i-1].plant {
			w.firsts = append(w.firsts, i)
		}
		w.numbers[set.plant]++
		points = append(points, set.values)
	}
	for range w.q.Readings {
		w.failure = append(w.failure, make([]setFailure, len(w.sets)))
		for range w.q.Tolerances {
			w.caps = append(w.caps, make([]setCaps, len(w.sets)))
		}
	}
	rank, share, sure := robustRank(plants, w.q.Share, w.q.Confidence)
	w.near = len(w.durations)
	more := *w.evaluator
	more.paths = max(w.q.Paths, w.q.RobustPaths)
	if !slices.ContainsFunc(w.quantities, func(u Quantity) bool { return u.Plant }) {
		w.paths = more.paths
	}
	var own *solver.Estimates
	if w.paths == more.paths { // the scenario's own values may share a plant with sets
		err = w.each(ctx, append(points, w.owns()), func(i int, found *solver.Estimates) {
			if i == len(w.sets) {
				own = found
				return
			}
			w.take(i, found, sure)
		})
		if err != nil {
			return out, err
		}
		return w.conclude(c, own, rank, share), nil
	}
	sure /= 2 // two bounds of a plant (closer.go)
	if err := more.each(ctx, [][]float64{w.owns()},
		func(_ int, found *solver.Estimates) { own = found }); err != nil {
		return out, err
	}
	if c.Cycles == "" { // a timer has one length
		w.near = w.far(own)
	}
	if err := w.follow(ctx, points, sure); err != nil {
		return out, err
	}
	if w.near < len(w.durations) && !w.decided() {
		w.near = len(w.durations)
		if err := w.follow(ctx, points, sure); err != nil {
			return out, err
		}
	}
	more.on.Duration = w.until()
	err = (&closer{&more, w.q.Tolerances, sure, points, w.caps, w.firsts, int(rank),
		c.Cycles == ""}).look(ctx)
	if err != nil {
		return out, err
	}
	return w.conclude(c, own, rank, share), nil
}

// far returns the number of durations up to the full hour after the length at which farFailure
// times the largest tolerance fails as assumed, under every reading. Full hours give bands round
// lengths.
func (w *spreading) far(own *solver.Estimates) int {
	const hour = 3600
	n := 0
	for _, r := range own.Readings {
		n = max(n, bestCap(r.Failure.Moments, min(farFailure*slices.Max(w.q.Tolerances), 1))+2)
	}
	n = min(n, len(w.durations))
	hours := math.Ceil(w.durations[n-1]/hour - 1e-9)
	return w.index(min(hours*hour, w.durations[len(w.durations)-1])) + 1
}

// until returns the duration of the case [s] with near durations: as asked, if these are all.
func (w *spreading) until() float64 {
	if w.near == len(w.durations) {
		return w.on.Duration
	}
	return w.durations[w.near-1]
}

// follow finds the caps and the failure of all sets.
func (w *spreading) follow(ctx context.Context, points [][]float64, sure float64) error {
	near := *w.evaluator
	near.on.Duration = w.until()
	if err := near.each(ctx, points, func(i int, found *solver.Estimates) {
		w.take(i, found, sure)
	}); err != nil || w.near == len(w.durations) {
		return err
	}
	var beyond []int // the sets of plants with open caps
	open := make([]bool, len(w.numbers))
	for _, caps := range w.caps {
		for i, c := range caps {
			open[w.sets[i].plant] = open[w.sets[i].plant] || c.upper == w.near-1
		}
	}
	var again [][]float64
	for i, set := range w.sets {
		if open[set.plant] {
			beyond, again = append(beyond, i), append(again, points[i])
		}
	}
	return w.each(ctx, again, func(i int, found *solver.Estimates) { w.take(beyond[i], found, sure) })
}

// decided reports whether the predictive caps lie within the durations that all sets are followed
// to.
func (w *spreading) decided() bool {
	for r := range w.q.Readings {
		predictive := w.predictive(w.mixture(r))
		for _, tolerance := range w.q.Tolerances {
			if predictive.Invert(tolerance).UpperIndex == w.near-1 {
				return false
			}
		}
	}
	return true
}

// predictive prepares the predictive caps of a mixture.
func (w *spreading) predictive(m mixture) *estimate.CurveCaps {
	return estimate.NewCurveCaps(estimate.Curve{Moments: m.combined}, 1-w.q.Confidence)
}

// plants returns the number of plants. If only rules are varied, the default is one
// plant for each set.
func (q *SpreadRequest) plants(quantities []Quantity) int {
	switch {
	case q.Plants > 0:
		return q.Plants
	case !slices.ContainsFunc(quantities, func(u Quantity) bool { return u.Plant }):
		return q.Sets
	case q.Paths > manyPaths:
		return min(q.Sets, 24)
	}
	return min(q.Sets, 64)
}

// manyPaths is the number of paths above which fewer plants are used by default, because
// their runs take long.
const manyPaths = 1 << 17

// take stores the estimates of a set.
func (w *spreading) take(set int, found *solver.Estimates, sure float64) {
	for r := range w.q.Readings {
		curve := found.Readings[r].Failure
		failure := curve.Moments
		f := setFailure{paths: failure[0].Paths, blocks: failure[0].Blocks}
		for _, m := range failure[:w.near] {
			f.mean = append(f.mean, m.Mean())
			f.errors, f.largest = append(f.errors, m.StandardError()), append(f.largest, m.Largest)
		}
		w.failure[r][set] = f
		interval := estimate.NewCurveCaps(curve, (1-w.q.Confidence)/2)
		for j, tolerance := range w.q.Tolerances {
			within := interval.Invert(tolerance)
			row := &w.caps[r*len(w.q.Tolerances)+j][set]
			row.best = bestCap(failure, tolerance)
			row.lower, row.upper = within.Index, within.UpperIndex
		}
	}
	if set == w.firsts[w.sets[set].plant] {
		for row, bound := range sureCaps(found, w.q.Tolerances, sure) {
			w.caps[row][set].sure = bound
		}
	}
}

// conclude makes the result of the case from those of its sets.
func (w *spreading) conclude(c sweep.Case, own *solver.Estimates, rank int64,
	share float64) CaseSpread {
	out := CaseSpread{Case: c, Plants: len(w.numbers), Quantities: w.quantities}
	for _, set := range w.sets {
		row := Set{Plant: set.plant + 1}
		for i, u := range w.quantities {
			row.Values = append(row.Values, u.parameter.VariedKind().InColumn(set.values[i]))
		}
		out.Sets = append(out.Sets, row)
	}
	plants := make([]int, len(w.sets))
	for i, set := range w.sets {
		plants[i] = set.plant
	}
	for r, reading := range w.q.Readings {
		mean := w.mixture(r)
		predictive := w.predictive(mean)
		for j, tolerance := range w.q.Tolerances {
			caps := w.caps[r*len(w.q.Tolerances)+j]
			row := CapSpread{Reading: string(reading), Tolerance: tolerance,
				Default: w.length(bestCap(own.Readings[r].Failure.Moments, tolerance)), RobustRank: rank,
				RobustShare: share}
			for i, p := range CapQuantiles {
				value, lower, upper := capQuantile(caps, plants, w.numbers, p, (1-w.q.Confidence)/2)
				row.Quantiles[i] = CapEstimate{w.length(value), w.length(lower), w.length(upper)}
			}
			found := predictive.Invert(tolerance)
			row.Predictive, row.PredictiveUpper = w.length(found.Index), w.length(found.UpperIndex)
			row.PredictiveStatus = sweep.StatusOf(found.Status)
			at := max(found.Index, 0)
			row.Failure, row.PathError, row.SetError = mean.combined[at].Mean(), mean.paths[at],
				mean.sets[at]
			robust := robust(w.sureOfFirsts(caps), rank)
			row.Robust, row.RobustStatus = w.length(robust.Index), sweep.StatusOf(robust.Status)
			out.Caps = append(out.Caps, row)
			for i, found := range caps {
				out.Sets[i].Caps = append(out.Sets[i].Caps,
					CapEstimate{w.length(found.best), w.length(found.lower), w.length(found.upper)})
			}
		}
		out.Bands = append(out.Bands, w.band(r, string(reading), mean, own))
	}
	return out
}

// sureOfFirsts returns the sure caps of the plants' first sets.
func (w *spreading) sureOfFirsts(caps []setCaps) []estimate.CapResult {
	var all []estimate.CapResult
	for _, i := range w.firsts {
		all = append(all, caps[i].sure)
	}
	return all
}

// mixture is the failure of all sets together, by duration.
type mixture struct {
	combined    []estimate.Moments
	paths, sets []float64 // standard errors
}

// mixture returns the mean failure over the sets. All sets share their paths, so the
// standard error due to the paths is at most the mean of the sets' ones, s; the plants drawn
// add a variance V:
//
//	mean(F) ± t·√(mean(s)² + V),
//
// V is the variance of the mean of clusters (estimate.ClusterVariance), with one degree of
// freedom fewer than plants.
func (w *spreading) mixture(r int) mixture {
	times, n := w.near, float64(len(w.sets))
	m := mixture{make([]estimate.Moments, times), make([]float64, times), make([]float64, times)}
	of := w.failure[r]
	for t := range times {
		sums := make([]float64, len(w.numbers))
		mean, errs, largest := 0.0, 0.0, 0.0
		for i, set := range w.sets {
			sums[set.plant] += of[i].mean[t]
			mean += of[i].mean[t] / n
			errs += of[i].errors[t] / n
			largest = max(largest, of[i].largest[t])
		}
		v := estimate.ClusterVariance(sums, w.numbers)
		m.paths[t], m.sets[t] = errs, math.Sqrt(v)
		paths := float64(of[0].paths)
		m.combined[t] = estimate.Moments{Paths: of[0].paths, Blocks: min(of[0].blocks, int64(len(sums))),
			Sum:      min(mean, 1) * paths,
			Variance: paths * (errs*errs + v), Largest: largest}
	}
	return m
}

// band returns the band of failure curves under a reading.
func (w *spreading) band(r int, reading string, mean mixture, own *solver.Estimates) Band {
	b := Band{Reading: reading}
	near := evaluator{durations: w.durations[:w.near]}
	for _, t := range near.evenly(bandTimes, 0) {
		b.Durations = append(b.Durations, w.durations[t])
		b.Mean = append(b.Mean, mean.combined[t].Mean())
		b.Default = append(b.Default, own.Readings[r].Failure.Value(t))
		all := make([]float64, len(w.sets))
		for i := range all {
			all[i] = w.failure[r][i].mean[t]
		}
		slices.Sort(all)
		for i, p := range CapQuantiles {
			b.Quantiles[i] = append(b.Quantiles[i], all[estimate.QuantileRank(len(all), p)-1])
		}
	}
	return b
}
