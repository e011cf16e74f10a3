package store

import (
	"encoding/hex"
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

// blockLine is the line of blocks.csv with the key of a cell's block for a session type.
func blockLine(c plan.Cell, session string, key sweep.Key) []byte {
	line := table.AppendCSV(nil, []table.Value{table.WholeValue(int64(c.Number)),
		table.TextValue(session), table.TextValue(hex.EncodeToString(key[:]))})
	line[len(line)-1] = '\n'
	return line
}
