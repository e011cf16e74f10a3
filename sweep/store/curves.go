package store

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"slices"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Curves are the stored estimates of a case, enough for caps at any tolerance and
// confidence.
type Curves struct {
	sweep.Case
	Durations []float64      // of the failure curves [s], ascending
	States    *solver.States // of the watch over time; nil if not stored

	provenance *sweep.Provenance
	gate       *sweep.GatedCap // its level and what it leaves out; nil without a gate
	Block      *sweep.Block
}

// curvesName is the file of the curves of budget caps, a journal.
const curvesName = "curves"

// caseKey returns the key of a case in the file curvesName.
func caseKey(c sweep.Case) sweep.Key {
	return sha256.Sum256(fmt.Appendf(nil, "case %q %q %q", c.Session, c.Device, c.Environment))
}

// CurvesFile collects the packed curves of a run's cases, to be written as one journal.
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

// Reading returns the index of a reading.
func (c *Curves) Reading(name string) (int, error) {
	if i := slices.Index(c.provenance.Readings, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("no reading %q: expected one of %v", name, c.provenance.Readings)
}

// under returns the looks with the estimates of one reading alone, for
// intervals of a confidence.
func (c *Curves) under(reading string, confidence float64) (solver.Looks, error) {
	r, err := c.Reading(reading)
	if err != nil {
		return nil, err
	}
	var looks solver.Looks
	for _, look := range c.Block.Looks {
		one := *look
		one.Readings, one.Confidence = look.Readings[r:r+1], confidence
		if one.Gated = nil; r == 0 && look.Gated != nil {
			gated := *look.Gated
			gated.Confidence, one.Gated = confidence, &gated
		}
		looks = append(looks, &one)
	}
	return looks, nil
}

// Cap returns the cap at a tolerance that the run itself would have found, look by look.
// It holds with the confidence together with as many other caps as the results have.
func (c *Curves) Cap(reading string, tolerance, confidence float64) (sweep.Cap, error) {
	looks, err := c.under(reading, confidence)
	if err != nil {
		return sweep.Cap{}, err
	}
	p := c.provenance
	q := solver.Question{Tolerances: []float64{tolerance}, Confidence: confidence, Family: p.Caps,
		Precision: p.PrecisionSeconds, RelativePrecision: p.RelativePrecision}
	if p.MaxPaths == 0 {
		q.Paths = looks.Last().Paths
	}
	found, err := looks.Caps(q)
	if err != nil {
		return sweep.Cap{}, err
	}
	row := sweep.NewCaps(c.Case, found, looks.Last(), confidence)[0]
	if row.Gated != nil && c.gate != nil {
		row.Gated.Level, row.Gated.LeftOut = c.gate.Level, c.gate.LeftOut
	}
	return row, nil
}

// Offer returns what is known of a session length [s] under a reading.
func (c *Curves) Offer(reading string, duration, confidence float64) (sweep.Offer, error) {
	looks, err := c.under(reading, confidence)
	if err != nil {
		return sweep.Offer{}, err
	}
	return sweep.NewOffer(c.Case, duration, c.provenance.Margin, looks.Last(),
		solver.Reading(reading)), nil
}

// Failure returns the probability that sessions of the given lengths [s], or of all
// lengths, fail for a user who means to finish. Each single interval holds with the
// confidence.
func (c *Curves) Failure(reading string, confidence float64,
	durations ...float64) ([]estimate.Estimate, error) {
	looks, err := c.under(reading, confidence)
	if err != nil {
		return nil, err
	}
	if durations == nil {
		durations = c.Durations
	}
	out := make([]estimate.Estimate, len(durations))
	for j, d := range durations {
		out[j] = looks.Last().Failure(solver.Reading(reading), d)
	}
	return out, nil
}

// Settling is the estimate after a number of paths.
type Settling struct {
	Paths int64
	estimate.Estimate
}

// Settling returns the estimated failure of a session length [s] for growing numbers of
// paths: at every look, or after 2, 4, 8, … of the replicates if there was only one look.
// Each single interval holds with the confidence.
func (c *Curves) Settling(reading string, duration, confidence float64) ([]Settling, error) {
	looks, err := c.under(reading, confidence)
	if err != nil {
		return nil, err
	}
	at := sweep.OnGrid(c.Durations, []float64{duration})
	if len(at) == 0 {
		return nil, fmt.Errorf("no duration of %g s: expected %g s to %g s",
			duration, c.Durations[0], c.Durations[len(c.Durations)-1])
	}
	if len(looks) == 1 && looks[0].Readings[0].Replicates != nil {
		return settlingOfReplicates(looks[0], at[0])
	}
	var out []Settling
	for _, look := range looks {
		look.Share = 1
		out = append(out, Settling{look.Paths, look.Failure(solver.Reading(reading), at[0])})
	}
	return out, nil
}

// settlingOfReplicates does so with the means of replicates, for the longest stored
// duration that is not longer.
func settlingOfReplicates(e *solver.Estimates, duration float64) ([]Settling, error) {
	j, exact := slices.BinarySearch(e.At, duration)
	if !exact {
		j--
	}
	if j < 0 || j >= len(e.At) {
		return nil, fmt.Errorf("no means of replicates are stored for %g s or less", duration)
	}
	means := e.Readings[0].Replicates[j]
	whole := e.Readings[0].Failure.Moments[sweep.Indices(e.Durations, e.At[j:])[0]]
	var out []Settling
	for n := 2; n <= len(means); n *= 2 {
		mean, variance := 0.0, 0.0
		for _, x := range means[:n] {
			mean += x / float64(n)
		}
		for _, x := range means[:n] {
			variance += (x - mean) * (x - mean) / float64(n-1)
		}
		if math.IsNaN(mean) {
			return nil, fmt.Errorf("fewer paths than replicates: expected at least %d", len(means))
		}
		each := float64(whole.Paths) / float64(len(means))
		m := estimate.Moments{Paths: int64(each * float64(n)), Blocks: int64(n),
			Variance: variance * each, Largest: whole.Largest}
		m.Sum = min(mean, 1) * float64(m.Paths)
		out = append(out, Settling{e.Paths * int64(n) / int64(len(means)),
			m.Estimate((1 - e.Confidence) / 2)})
	}
	return out, nil
}

// incidence returns the incidence table of a cell of a sweep.
func (c *Curves) incidence(reading string) (sweep.Incidence, error) {
	looks, err := c.under(reading, c.provenance.Confidence)
	if err != nil {
		return sweep.Incidence{}, err
	}
	return sweep.NewIncidence(c.Case, looks.Last(), solver.Reading(reading),
		c.provenance.Estimator), nil
}
