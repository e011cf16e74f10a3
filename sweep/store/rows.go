package store

import (
	"encoding/hex"
	"io"
	"slices"

	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/table"
)

// caseOf returns the case of a cell and session type for tables.
func caseOf(p *plan.Plan, session string, f plan.Facts) sweep.Case {
	i := slices.Index(p.Sessions, session)
	return sweep.Case{Session: session, Device: f.On.Device, Environment: f.On.Environment,
		StartLevel: f.On.StartLevel,
		Limit:      f.Limits[i], MeanLoad: f.Loads[i], Cycles: f.Cycles}
}

// askedOf is what the blocks of a plan contain for a session type.
func askedOf(p *plan.Plan, session string) asked {
	return asked{readings: p.Readings, swept: true, kept: p.Durations[session], paths: p.Paths}
}

// capsOf returns the caps of a case, by reading and tolerance.
func capsOf(p *plan.Plan, c sweep.Case, e *solver.Estimates) ([]sweep.Cap, error) {
	found, err := solver.Caps(e, p.Question())
	if err != nil {
		return nil, err
	}
	return sweep.NewCaps(c, found, e, p.Confidence), nil
}

// writeBlocks writes the block key of every cell and session type.
func writeBlocks(w io.Writer, p *plan.Plan) error {
	lines := []byte("cell,session,block\n")
	for _, c := range p.Cells() {
		for _, session := range p.Sessions {
			key, err := p.Key(c, session)
			if err != nil {
				return err
			}
			lines = table.AppendCSV(lines, []table.Value{table.WholeValue(int64(c.Number)),
				table.TextValue(session), table.TextValue(hex.EncodeToString(key[:]))})
			lines[len(lines)-1] = '\n'
		}
	}
	_, err := w.Write(lines)
	return err
}
