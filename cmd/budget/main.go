package main

import (
	"io"
	"log"
	"os"
	"runtime/debug"

	"budget/cmd/budget/internal/caps"
	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/fit"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/measure"
	"budget/cmd/budget/internal/optimize"
	"budget/cmd/budget/internal/report"
	"budget/cmd/budget/internal/serve"
	"budget/cmd/budget/internal/sweeps"
	"budget/cmd/budget/internal/timer"
	"budget/cmd/budget/internal/uncertain"
)

// version is given to the linker: go build -ldflags "-X main.version=v1.2.3" ./cmd/budget
var version string

func main() {
	inputs.Stamp = version
	log.SetOutput(io.Discard) // of packages that draw, which log before they panic
	// A run makes little garbage, in large pieces. Collecting it early costs no time
	// that can be measured and halves the memory of a table of many cases.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(25)
	}
	os.Exit(run(cli.NewSystem()))
}

func run(sys *cli.System) int { return cli.Execute(sys, commands()) }

// commands lists the commands in the order of the help.
func commands() cli.Commands {
	return cli.Commands{
		caps.Command(),
		serve.Command(),
		runCommand(),
		costCommand(),
		timer.Command(),
		windowCommand(),
		sweeps.Command(),
		sweeps.MergeCommand(),
		compareCommand(),
		optimize.Command(),
		report.PlotCommand(),
		caps.ExportCommand(),
		report.Command(),
		fit.Command(),
		fit.LogCommand(),
		measure.Command(),
		uncertain.UncertaintyCommand(),
		uncertain.SensitivityCommand(),
		uncertain.BreakpointCommand(),
		uncertain.StudyCommand(),
		checkCommand(),
		showCommand(),
		versionCommand(),
	}
}
