package starts

import (
	"context"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Find finds the caps of a request's session types by what an app observes at the
// start, for the first of its readings. Paths is the quota of a stratum. Devices,
// environments, estimator and sampling of the request are ignored: sessions are drawn
// from the fleet and the mix. If ctx ends first, Find returns ctx's error.
func Find(ctx context.Context, s *model.Scenario, q sweep.Request,
	control sweep.Control) (*Result, error) {
	q.Devices, q.Environments = []string{solver.Fleet}, []string{solver.Mix}
	q.Readings, q.Estimator, q.CapsOnly = q.Readings[:1], solver.Weights, true
	q.StartLevel, q.Curves = nil, false
	out := &Result{Levels: startLevels(), Quota: q.Paths, Drawn: drawnPerPath * q.Paths}
	err := q.EachCase(s, control, func(i int, c sweep.Case) error {
		program, err := solver.Compile(s, solver.Case{Session: c.Session, Device: solver.Fleet,
			Environment: solver.Mix, Pause: q.Pause})
		if err != nil {
			return err
		}
		if i == 0 {
			out.Watches = watchClasses(s, program.Classes())
			cells := len(out.Watches) * 2 * len(ThermalStates) * len(out.Levels)
			out.Family = (cells + 1) * len(q.Sessions) * len(q.Tolerances)
		}
		return out.find(ctx, c, program, q, control)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// drawnPerPath is the number of sessions drawn for each path of the quota. A stratum
// with a share above 1/drawnPerPath fills its quota.
const drawnPerPath = 256

func watchClasses(s *model.Scenario, names []string) []WatchClass {
	classes := make([]WatchClass, len(names))
	for i, name := range names {
		classes[i] = WatchClass{name, []WatchDevice{}}
		for _, d := range s.Devices {
			if d.HardwareClass() == name && d.Weight > 0 {
				classes[i].Devices = append(classes[i].Devices, WatchDevice{d.ID, d.Name})
			}
		}
	}
	return classes
}

// find adds the tables of a case.
func (out *Result) find(ctx context.Context, c sweep.Case, p *solver.Program, q sweep.Request,
	control sweep.Control) error {
	settings := solver.Settings{Seed: q.Seed, Estimator: solver.Weights, Readings: q.Readings,
		Failures: sweep.Failures(q.EndOnResign, q.CountRefused),
		Workers:  control.Workers, Kernel: control.Kernel, Progress: control.Progress}
	everyone, err := p.Answer(ctx, settings,
		solver.Question{Tolerances: q.Tolerances, Confidence: q.Confidence, Family: out.Family,
			Precision: q.Precision, RelativePrecision: q.RelativePrecision, MaxPaths: q.MaxPaths,
			CapsOnly: true})
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return err
	}
	observed, err := solver.Starts(ctx, p, settings,
		solver.Strata{Edges: startEdges, Candidates: out.Drawn, Quota: out.Quota})
	if err != nil {
		return err
	}
	for _, found := range everyone.Caps {
		t := Table{Session: c.Session, SessionName: c.SessionName, Limit: c.Limit, Cycles: c.Cycles,
			Tolerance: found.Tolerance,
			Fixed: FixedCap{Cap: found.Duration, Upper: found.Upper, Status: sweep.StatusOf(found.Status),
				Failure: share(everyone.Failure(found.Reading, found.Duration))}}
		for i := range observed {
			cell, err := out.cell(&observed[i], everyone, found)
			if err != nil {
				return err
			}
			t.Cells = append(t.Cells, cell)
		}
		for rows := t.Cells; len(rows) > 0; rows = rows[len(ThermalStates)*len(out.Levels):] {
			pool(rows[:len(ThermalStates)*len(out.Levels)], len(out.Levels))
		}
		for i := range observed {
			cell := &t.Cells[i]
			cell.FailsAtCap = failureBy(&observed[i], cell.Cap)
		}
		out.Tables = append(out.Tables, t)
	}
	return nil
}

// cell returns the cell of a stratum with its own cap, before pooling. everyone is the
// answer for all starts.
func (out *Result) cell(o *solver.Observed, everyone *solver.Answer,
	fixed solver.Cap) (Cell, error) {
	o.Confidence = everyone.Confidence
	c := Cell{Watch: out.Watches[o.Class].ID, LowPower: o.LowPower, Thermal: ThermalStates[o.Thermal],
		Level: out.Levels[o.Level],
		Paths: o.Paths, OwnStatus: sweep.CapUnknown,
		OwnUpper: everyone.Durations[len(everyone.Durations)-1], FailsAtFixed: missing}
	one := (1 - o.Confidence) / 2
	ci := estimate.ClopperPearson(o.Drawn, out.Drawn, one, one)
	c.Share = estimate.Estimate{Value: float64(o.Drawn) / float64(out.Drawn), Interval: ci}
	if o.Paths == 0 {
		return c, nil
	}
	caps, err := solver.Caps(&o.Estimates, solver.Question{Tolerances: []float64{fixed.Tolerance},
		Confidence: o.Confidence, Family: out.Family, Paths: o.Paths})
	if err != nil {
		return c, err
	}
	own := caps[0]
	c.Own, c.OwnUpper, c.OwnStatus, c.Binding = own.Duration, own.Upper, sweep.StatusOf(own.Status),
		own.Binding.String()
	c.FailsAtFixed = failureBy(o, fixed.Duration)
	return c, nil
}

// failureBy returns the failure of sessions of a length in a stratum.
func failureBy(o *solver.Observed, duration float64) estimate.Estimate {
	if o.Paths == 0 {
		return missing
	}
	return share(o.Failure(o.Readings[0].Reading, duration))
}
