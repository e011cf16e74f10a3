package store

import (
	"encoding/hex"
	"io"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/table"
)

// rows are the rows of tables for a cell and session type: what all begin with, and what
// follows in each, row after row.
type Rows struct {
	leading         []table.Value // without the reading
	caps, incidence []table.Value
	Swept           []SweptCap
}

// SweptCap is a cap of a sweep, for people.
type SweptCap struct {
	Session   string
	Reading   solver.Reading
	Tolerance float64
	Cap       float64 // [s]
	Status    sweep.CapStatus
}

// rowsOf reads the rows of a cell for a session type off its block.
func RowsOf(p *plan.Plan, c plan.Cell, session string, f plan.Facts, b *sweep.Block) Rows {
	out := Rows{leading: append(p.LevelValues(c), table.TextValue(session), table.TextValue(f.On.Device), table.TextValue(f.On.Environment), plan.StartLevel(f.On))}
	i := slices.Index(p.Sessions, session)
	out.incidence = make([]table.Value, 0, len(p.Readings)*len(p.Durations[session])*(len(model.Ends)+2)*(1+len(table.IncidenceColumns)))
	for r, reading := range p.Readings {
		out.addCaps(p, session, reading, f.Limits[i], f.Loads[i], b, r)
		out.addIncidence(p, string(reading), p.Durations[session], b, r)
	}
	return out
}

// addCaps adds the caps under a reading, at each tolerance.
func (out *Rows) addCaps(p *plan.Plan, session string, reading solver.Reading, limit, load float64, b *sweep.Block, r int) {
	look := &b.Last().Readings[r]
	caps := estimate.NewCurveCaps(look.Failure, (1-p.Confidence)/float64(p.Family()))
	atLimit := math.NaN()
	if i := sweep.Reaching(limit, b.Durations); i >= 0 {
		atLimit = look.Failure.Value(i)
	}
	documented := limit
	if limit == 0 {
		documented = math.NaN()
	}
	for _, tolerance := range p.Tolerances {
		found := caps.Invert(tolerance)
		duration, failure, resigned, binding := 0.0, math.NaN(), math.NaN(), ""
		if found.Index >= 0 {
			duration, failure, resigned = b.Durations[found.Index], look.Failure.Value(found.Index), look.Resigned[found.Index]
		}
		upper := 0.0
		if found.UpperIndex >= 0 {
			upper = b.Durations[found.UpperIndex]
		}
		status := sweep.StatusOf(found.Status)
		if status != sweep.CapUnknown {
			binding = look.Binding[min(found.Index+1, len(look.Binding)-1)].String()
		}
		out.Swept = append(out.Swept, SweptCap{session, reading, tolerance, duration, status})
		out.caps = append(out.caps, table.TextValue(string(reading)), table.RealValue(documented), table.RealValue(load), table.RealValue(tolerance), table.RealValue(p.Confidence), table.RealValue(duration), table.RealValue(upper), table.RealValue(failure),
			table.TextValue(binding), table.RealValue(atLimit), table.RealValue(resigned), table.TextValue(string(status)), table.WholeValue(b.Last().Paths))
	}
}

// addIncidence adds how sessions have ended under a reading by each duration.
func (out *Rows) addIncidence(p *plan.Plan, reading string, some []float64, b *sweep.Block, r int) {
	failure, ended, paths := b.Last().Readings[r].Failure.Moments, b.ByReading[r].Ended, b.Last().Paths
	alpha := (1 - p.Confidence) / 2
	// Refusals come first and nothing comes after a limit: many intervals are those of the
	// duration before.
	type known struct {
		of       estimate.Moments
		estimate estimate.Estimate
	}
	before := make([]known, len(model.Ends)+2)
	for j, i := range sweep.Indices(b.Durations, some) {
		duration := b.Durations[i]
		series := 0
		add := func(cause string, m estimate.Moments, complement bool) {
			k := &before[series]
			series++
			if k.of != m {
				*k = known{m, m.Estimate(alpha)}
			}
			e := k.estimate
			if complement {
				e = e.Complement()
			}
			out.incidence = append(out.incidence, table.TextValue(reading), table.RealValue(duration), table.TextValue(cause), table.RealValue(e.Value), table.RealValue(e.StandardError),
				table.RealValue(e.Lower), table.RealValue(e.Upper), table.WholeValue(paths))
		}
		for _, cause := range model.Ends {
			add(cause.String(), ended[cause][j], false)
		}
		add("survival", ended[len(model.Ends)][j], true)
		add("failure", failure[i], false)
	}
}

// writeBlocks writes which block of the journal is that of which cell and session type.
func writeBlocks(w io.Writer, p *plan.Plan) error {
	lines := []byte("cell,session,block\n")
	for _, c := range p.Cells() {
		for _, session := range p.Sessions {
			key, err := p.Key(c, session)
			if err != nil {
				return err
			}
			lines = table.AppendCSV(lines, []table.Value{table.WholeValue(int64(c.Number)), table.TextValue(session), table.TextValue(hex.EncodeToString(key[:]))})
			lines[len(lines)-1] = '\n'
		}
	}
	_, err := w.Write(lines)
	return err
}
