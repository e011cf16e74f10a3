package main

import (
	"cmp"
	"context"
	"io"
	"math"
	"slices"
	"strconv"

	"budget/cmd/budget/internal/cli"
	"budget/internal/escape"
	"budget/model"
	"budget/solver"
)

// traceHeader names the columns of a trace. Each row is the state at a time; the
// hazards are those of the step that starts there. What a path did not live to
// see, such as the load of the time at which a threshold ended it, is empty.
func traceHeader() []string {
	names := []string{"path", "time_s", "position_s", "in_session", "level", "displayed_level",
		"voltage_v", "current_a", "power_w", "t_p_degc", "t_b_degc", "t_h_degc", "t_f_degc", "t_k_degc",
		"air_degc", "in_sun", "thermal_level", "low_power_mode", "load_state", "grant_used_s"}
	for _, cause := range model.Ends {
		if name := cause.Hazard(); name != "" {
			names = append(names, name+"_per_h")
		}
	}
	return append(names, "end")
}

// writeTrace writes so many whole paths of a case as CSV. They follow the cautious reading,
// unless only the documented one is asked for.
func writeTrace(ctx context.Context, w io.Writer, s *model.Scenario, readings []solver.Reading,
	c solver.Case, seed uint64, paths int64) error {
	if !slices.Contains(readings, solver.Cautious) {
		documented := *s
		documented.Policy = s.Policy.Documented()
		s = &documented
	}
	program, err := solver.Compile(s, c)
	if err != nil {
		return err
	}
	out := escape.NewCSVWriter(w)
	if err := out.Write(traceHeader()); err != nil {
		return err
	}
	for path := range paths {
		if ctx.Err() != nil {
			return cmp.Or(out.Flush(), cli.Interruptedf("the trace ends early"))
		}
		points := program.Trace(seed, uint64(path))
		for i, p := range points {
			if err := out.Write(traceRow(p, i == len(points)-1)); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}

func traceRow(p solver.TracePoint, last bool) []string {
	x := func(v float64) string {
		if math.IsNaN(v) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', 9, 64)
	}
	end := ""
	if last {
		end = p.End.String()
	}
	row := []string{strconv.FormatUint(p.Path, 10), x(p.Time), x(p.Position),
		strconv.FormatBool(p.InSession), x(p.Level), x(p.Displayed), x(p.Voltage), x(p.Current),
		x(p.Power)}
	for _, t := range p.Temperatures {
		row = append(row, x(t))
	}
	row = append(row, x(p.Air), strconv.FormatBool(p.InSun), thermalName(p.Thermal),
		strconv.FormatBool(p.LowPower), model.StateNames[p.State],
		x(p.GrantUsed))
	for _, cause := range model.Ends {
		if cause.Hazard() != "" {
			row = append(row, x(p.Hazards[cause]*3600))
		}
	}
	return append(row, end)
}

func thermalName(l model.ThermalLevel) string {
	return [...]string{"nominal", "fair", "serious", "critical"}[l]
}
