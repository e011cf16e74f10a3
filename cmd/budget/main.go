package main

import (
	"io"
	"log"
	"os"
	"runtime"
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
	// Collecting garbage early keeps the memory of a table of many cases near what is in use. The
	// reserve, memory that is never touched and so takes no room, counts as in use: without it
	// a small heap would be collected after each megabyte, a fifth of a short command's time.
	var reserve []byte
	if os.Getenv("GOGC") == "" {
		reserve = make([]byte, 8<<20)
		debug.SetGCPercent(25)
	}
	code := run(cli.NewSystem())
	runtime.KeepAlive(reserve)
	os.Exit(code)
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
