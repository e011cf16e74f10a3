package store

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Curves are what the paths of a case say of it, as far as it is kept: enough for caps at
// any tolerance and confidence.
type Curves struct {
	sweep.Case
	Durations []float64      // of the curves of failure [s], ascending
	States    *solver.States // of the watch over time; nil where they are not kept

	provenance *sweep.Provenance
	Kept       []float64 // durations that a sweep tells incidence of [s]
	Block      *sweep.Block
}

// curvesName is the file that budget caps keeps curves in, which is a journal.
const curvesName = "curves"

// caseKey is the key of a case in a file of curves.
func caseKey(c sweep.Case) sweep.Key {
	return sha256.Sum256(fmt.Appendf(nil, "case %q %q %q", c.Session, c.Device, c.Environment))
}

// CurvesFile collects the curves of a run's cases, packed, to be written as one file: a
// journal.
type CurvesFile struct{ records []byte }

// Add adds the curves of a case.
func (f *CurvesFile) Add(c sweep.Case, b *sweep.Block) {
	f.records = appendRecord(f.records, caseKey(c), packBlock(b))
}

// Write writes the file.
func (f *CurvesFile) Write(w io.Writer) error {
	if _, err := io.WriteString(w, journalLine); err != nil {
		return err
	}
	_, err := w.Write(f.records)
	return err
}

// reading returns the place of a reading.
func (c *Curves) Reading(name string) (int, error) {
	if i := slices.Index(c.provenance.Readings, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("no reading %q: expected one of %v", name, c.provenance.Readings)
}

// Cap returns the cap at a tolerance, as sure as the confidence says together with as many
// others as the results have: what the run itself would have found, look by look.
func (c *Curves) Cap(reading string, tolerance, confidence float64) (sweep.Cap, error) {
	r, err := c.Reading(reading)
	if err != nil {
		return sweep.Cap{}, err
	}
	p := c.provenance
	q := solver.Question{Precision: p.PrecisionSeconds, RelativePrecision: p.RelativePrecision}
	fixed := p.MaxPaths == 0
	var found estimate.CapResult
	var from *solver.LookReading
	precise := false
	for i := range c.Block.Looks {
		look := &c.Block.Looks[i]
		from = &look.Readings[r]
		alpha := (1 - confidence) * look.Share / float64(p.Caps)
		found = estimate.NewCurveCaps(from.Failure, alpha).Invert(tolerance)
		if precise = fixed || q.Decides(found, c.Durations[0]); precise {
			break
		}
	}
	last := &c.Block.Last().Readings[r]
	failure := c.probabilities(r, confidence)
	out := sweep.Cap{Case: c.Case, Reading: reading, Tolerance: tolerance, Confidence: confidence, Paths: c.Block.Last().Paths,
		BindingCause: from.Binding[min(found.Index+1, len(from.Binding)-1)],
		FailureAtCap: sweep.Missing, FailureAtLimit: sweep.Missing, ResignedAtCap: sweep.Missing, ShortestFails: failure(0)}
	if found.Index >= 0 {
		out.Cap, out.FailureAtCap = c.Durations[found.Index], failure(found.Index)
		out.ResignedAtCap.Value = last.Resigned[found.Index]
	}
	if found.UpperIndex >= 0 {
		out.CapUpper = c.Durations[found.UpperIndex]
	}
	if i := sweep.Reaching(c.Limit, c.Durations); i >= 0 {
		out.FailureAtLimit = failure(i)
	}
	out.Status = sweep.StatusOf(found.Status)
	if !precise && out.Status != sweep.CapNever && out.Status != sweep.CapUnknown {
		out.Status = sweep.CapImprecise
	}
	return out, nil
}

// probabilities returns a function that tells the failure at the i-th duration, as the
// last look knows it.
func (c *Curves) probabilities(r int, confidence float64) func(i int) estimate.Estimate {
	look := c.Block.Last()
	curve := look.Readings[r].Failure
	alpha := (1 - confidence) * look.Share / 2
	return func(i int) estimate.Estimate {
		m := curve.Moments[i]
		p := estimate.Estimate{Value: curve.Value(i), StandardError: m.StandardError(), Interval: curve.Interval(i, alpha, alpha)}
		if curve.Counts {
			p.StandardError = math.Sqrt(p.Value * (1 - p.Value) / float64(m.Paths))
		}
		return p
	}
}

// Failure returns the probability that a plan fails for a user who means to finish, by
// duration, or by the durations at those places alone; each interval holds with the
// confidence by itself.
func (c *Curves) Failure(reading string, confidence float64, places ...int) ([]estimate.Estimate, error) {
	r, err := c.Reading(reading)
	if err != nil {
		return nil, err
	}
	if places == nil {
		places = sweep.Indices(c.Durations, c.Durations)
	}
	at := c.probabilities(r, confidence)
	out := make([]estimate.Estimate, len(places))
	for j, i := range places {
		out[j] = at(i)
	}
	return out, nil
}

// Settling is an estimate after a number of paths.
type Settling struct {
	Paths int64
	estimate.Estimate
}

// Settling returns how the failure by a duration [s] settles as paths are added: at every
// look, or after 2, 4, 8, … of the nets where there was one look alone. Intervals are
// those of each number of paths by itself.
func (c *Curves) Settling(reading string, duration, confidence float64) ([]Settling, error) {
	r, err := c.Reading(reading)
	if err != nil {
		return nil, err
	}
	at := sweep.Indices(c.Durations, []float64{duration})
	if len(at) == 0 {
		return nil, fmt.Errorf("no duration of %g s: expected %g s to %g s", duration, c.Durations[0], c.Durations[len(c.Durations)-1])
	}
	i := at[0]
	if len(c.Block.Looks) == 1 && len(c.Block.ByReading) > 0 {
		return c.settlingOfNets(r, i, confidence)
	}
	var out []Settling
	for _, look := range c.Block.Looks {
		one := &Curves{Durations: c.Durations, Block: &sweep.Block{Looks: []solver.Look{{Paths: look.Paths, Share: 1, Readings: look.Readings}}}}
		out = append(out, Settling{look.Paths, one.probabilities(r, confidence)(i)})
	}
	return out, nil
}

// settlingOfNets tells how the failure at the i-th duration settles, or at the last
// one before it that the means of nets are kept for.
func (c *Curves) settlingOfNets(r, i int, confidence float64) ([]Settling, error) {
	kept := sweep.Indices(c.Durations, c.Kept)
	j, exact := slices.BinarySearch(kept, i)
	if !exact {
		j--
	}
	nets := c.Block.ByReading[r].Replicates
	if j < 0 || j >= len(nets) {
		return nil, fmt.Errorf("no means of nets by %g s are kept", c.Durations[i])
	}
	whole := c.Block.Last().Readings[r].Failure.Moments[kept[j]]
	alpha := (1 - confidence) / 2
	var out []Settling
	for n := 2; n <= len(nets[j]); n *= 2 {
		mean, variance := 0.0, 0.0
		for _, x := range nets[j][:n] {
			mean += x / float64(n)
		}
		for _, x := range nets[j][:n] {
			variance += (x - mean) * (x - mean) / float64(n-1)
		}
		if math.IsNaN(mean) {
			return nil, fmt.Errorf("fewer paths than nets: expected %d", len(nets[j]))
		}
		perNet := float64(whole.Paths) / float64(len(nets[j]))
		m := estimate.Moments{Paths: int64(perNet * float64(n)), Blocks: int64(n), Variance: variance * perNet, Largest: whole.Largest}
		m.Sum = min(mean, 1) * float64(m.Paths)
		paths := c.Block.Last().Paths * int64(n) / int64(len(nets[j]))
		out = append(out, Settling{paths, m.Estimate(alpha)})
	}
	return out, nil
}

// incidence returns the table of how sessions of a sweep end.
func (c *Curves) incidence(reading string) (sweep.Incidence, error) {
	r, err := c.Reading(reading)
	if err != nil {
		return sweep.Incidence{}, err
	}
	look := c.Block.Last()
	alpha := (1 - c.provenance.Confidence) / 2
	in := sweep.Incidence{Case: c.Case, Ended: make([][]estimate.Estimate, len(model.Ends)), Estimator: c.provenance.Estimator}
	ended := c.Block.ByReading[r].Ended
	for j, i := range sweep.Indices(c.Durations, c.Kept) {
		in.Durations = append(in.Durations, c.Durations[i])
		for _, cause := range model.Ends {
			in.Ended[cause] = append(in.Ended[cause], ended[cause][j].Estimate(alpha))
		}
		in.Survival = append(in.Survival, ended[len(model.Ends)][j].Estimate(alpha).Complement())
		in.Failure = append(in.Failure, look.Readings[r].Failure.Moments[i].Estimate(alpha))
		in.Paths = append(in.Paths, look.Paths)
	}
	return in, nil
}
