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

// rowsOf reads the rows of a cell for a session type off its estimates.
func rowsOf(p *plan.Plan, c plan.Cell, session string, f plan.Facts, e *solver.Estimates) (Rows, error) {
	out := Rows{leading: append(p.LevelValues(c), table.TextValue(session), table.TextValue(f.On.Device), table.TextValue(f.On.Environment), plan.StartLevel(f.On))}
	i := slices.Index(p.Sessions, session)
	out.incidence = make([]table.Value, 0, len(p.Readings)*len(p.Durations[session])*(len(model.Ends)+2)*(1+len(table.IncidenceColumns)))
	for r := range e.Readings {
		out.addIncidence(p, e, &e.Readings[r])
	}
	return out, out.addCaps(p, session, f.Limits[i], f.Loads[i], e)
}

// addCaps adds the caps, by reading and tolerance.
func (out *Rows) addCaps(p *plan.Plan, session string, limit, load float64, e *solver.Estimates) error {
	caps, err := solver.Caps(e, p.Question())
	if err != nil {
		return err
	}
	documented := limit
	if limit == 0 {
		documented = math.NaN()
	}
	for _, found := range caps {
		c := sweep.NewCap(sweep.Case{Limit: limit}, found, e, p.Confidence)
		out.Swept = append(out.Swept, SweptCap{session, found.Reading, c.Tolerance, c.Cap, c.Status})
		out.caps = append(out.caps, table.TextValue(c.Reading), table.RealValue(documented), table.RealValue(load), table.RealValue(c.Tolerance),
			table.RealValue(c.Confidence), table.RealValue(c.Cap), table.RealValue(c.CapUpper), table.RealValue(c.FailureAtCap.Value),
			table.TextValue(c.Binding()), table.RealValue(c.FailureAtLimit.Value), table.RealValue(c.ResignedAtCap.Value),
			table.TextValue(string(c.Status)), table.WholeValue(c.Paths))
	}
	return nil
}

// addIncidence adds how sessions have ended under a reading by each duration.
func (out *Rows) addIncidence(p *plan.Plan, e *solver.Estimates, in *solver.Incidence) {
	failure, ended := in.Failure.Moments, in.Ended[solver.AsUsed]
	alpha := (1 - p.Confidence) / 2
	// Refusals come first and nothing comes after a limit: many intervals are those of the
	// duration before.
	type known struct {
		of       estimate.Moments
		estimate estimate.Estimate
	}
	before := make([]known, len(model.Ends)+2)
	for j, i := range sweep.Indices(e.Durations, e.At) {
		series := 0
		add := func(cause string, m estimate.Moments, complement bool) {
			k := &before[series]
			series++
			if k.of != m {
				*k = known{m, m.Estimate(alpha)}
			}
			p := k.estimate
			if complement {
				p = p.Complement()
			}
			out.incidence = append(out.incidence, table.TextValue(string(in.Reading)), table.RealValue(e.At[j]), table.TextValue(cause),
				table.RealValue(p.Value), table.RealValue(p.StandardError), table.RealValue(p.Lower), table.RealValue(p.Upper), table.WholeValue(e.Paths))
		}
		for _, cause := range model.Ends {
			add(cause.String(), ended[cause].Moments[j], false)
		}
		add("survival", ended[len(model.Ends)].Moments[j], true)
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
