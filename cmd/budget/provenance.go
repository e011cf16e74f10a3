package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// version returns the program's version, "devel" where the build has none.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// provenance says what an answer rests on.
func (o *options) provenance(s *model.Scenario, q sweep.Request, precision string, outcome solver.Outcome) sweep.Provenance {
	p := sweep.Provenance{
		Version: version(), Go: runtime.Version(), Kernel: o.kernel.name(), OnResign: o.onResign,
		Precision: precision, Outcome: outcomeText(outcome), Paths: []sweep.CasePaths{},
	}
	p.DescribeScenario(s)
	p.DescribeRequest(q)
	return p
}

func outcomeText(o solver.Outcome) string {
	switch o {
	case solver.OutOfPaths:
		return "out of paths"
	case solver.OutOfTime:
		return "out of time"
	case solver.Interrupted:
		return "interrupted"
	}
	return "done"
}

// assumptions says how much of a scenario is assumed.
func assumptions(s *model.Scenario, p sweep.Provenance) string {
	return fmt.Sprintf("Rests on assumptions: %d of %d quantities are assumed or anecdotal; budget show parameters lists them.",
		len(p.Assumed), len(s.Parameters()))
}
