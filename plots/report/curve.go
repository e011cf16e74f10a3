package report

import (
	"math"
	"slices"

	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
	"budget/sweep/store"
)

// statuses are those of caps, as the page's data number them.
var statuses = func() (all []string) {
	for _, s := range sweep.CapStatuses() {
		all = append(all, string(s))
	}
	return all
}()

// causes are those that bind a cap, "" where there are too few paths to say.
var causes = func() []string {
	names := []string{""}
	for cause := model.Refused; cause <= model.Completed; cause++ {
		names = append(names, cause.String())
	}
	return names
}()

// invert works out what the page says of a cell for a session type, by reading: the curve at
// the run's own confidence, and the caps at all stops.
func invert(cell *store.Cell, p *sweep.Provenance, tolerances, confidences []float64) ([]*curveData,
	error) {
	curves, err := cell.Curves()
	if err != nil {
		return nil, err
	}
	var all []*curveData
	for r, reading := range p.Readings {
		// Without a limit the readings do not differ.
		if r > 0 && cell.Limit == 0 {
			all = append(all, all[0])
			continue
		}
		d := &curveData{Shortest: curves.Durations[0]}
		if err := d.draw(curves, reading, p.Confidence); err != nil {
			return nil, err
		}
		for _, confidence := range confidences {
			for _, tolerance := range tolerances {
				found, err := curves.Cap(reading, tolerance, confidence)
				if err != nil {
					return nil, err
				}
				d.add(found)
			}
		}
		all = append(all, d)
	}
	return all, nil
}

// add adds the cap at the next stop.
func (d *curveData) add(c sweep.Cap) {
	at := slices.Index(d.Caps, c.Cap)
	if at < 0 {
		at = len(d.Caps)
		d.Caps = append(d.Caps, c.Cap)
		d.Fails = append(d.Fails, notation.Chance(c.FailureAtCap.Value))
		d.Leaves = append(d.Leaves, notation.Chance(c.ResignedAtCap.Value))
	}
	d.At = append(d.At, at)
	d.CapUpper = append(d.CapUpper, c.CapUpper)
	d.Status = append(d.Status, slices.Index(statuses, string(c.Status)))
	d.Binding = append(d.Binding, slices.Index(causes, c.Binding()))
	d.ShortestFails = notation.Chance(c.ShortestFails.Value)
}

// drawn is the number of durations that the page draws a curve by, but for those about the
// limit, where a curve jumps: all within a minute are drawn.
const (
	drawn = 72
	about = 60.0 // [s]
)

// draw fills in the curve that the page draws.
func (d *curveData) draw(curves *store.Curves, reading string, confidence float64) error {
	every := max(1, len(curves.Durations)/drawn)
	for i, t := range curves.Durations {
		if i%every == 0 || i == len(curves.Durations)-1 || math.Abs(t-curves.Limit) <= about {
			d.Durations = append(d.Durations, t)
		}
	}
	failure, err := curves.Failure(reading, confidence, d.Durations...)
	if err != nil {
		return err
	}
	for _, p := range failure {
		d.Failure = append(d.Failure, short(p.Value))
		d.Lower = append(d.Lower, short(p.Lower))
		d.Upper = append(d.Upper, short(p.Upper))
	}
	return nil
}

// short rounds a probability to seven digits, so many more than the page writes that
// rounding twice gives the digits of rounding once.
func short(p float64) float64 {
	if p == 0 {
		return 0
	}
	scale := math.Pow(10, 6-math.Floor(math.Log10(math.Abs(p))))
	return math.Round(p*scale) / scale
}
