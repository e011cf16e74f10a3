package inputs

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Version returns the program's version, "devel" where the build has none.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "devel"
	}
	return info.Main.Version
}

// Provenance says what an answer rests on.
func (o *Options) Provenance(s *model.Scenario, q sweep.Request, precision string, outcome solver.Outcome) sweep.Provenance {
	p := sweep.Provenance{
		Version: Version(), Go: runtime.Version(), Kernel: o.Kernel.Name(), OnResign: o.OnResign,
		Precision: precision, Outcome: outcomeText(outcome), Paths: []sweep.CasePaths{},
	}
	p.DescribeScenario(s)
	p.DescribeRequest(s, q)
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

// Assumptions says how much of a scenario is assumed.
func Assumptions(s *model.Scenario, p sweep.Provenance) string {
	return fmt.Sprintf("Rests on assumptions: %d of %d quantities are assumed or anecdotal; budget show parameters lists them.",
		len(p.Assumed), len(s.Parameters()))
}
