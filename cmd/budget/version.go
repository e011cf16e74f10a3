package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
)

func versionCommand() cli.Command {
	return cli.Command{
		Name:    "version",
		Summary: "the version, Go, the kernel and the catalog's digest",
		Help:    "Prints what a report of a problem should name.",
		Define:  func(*pflag.FlagSet) cli.Action { return showVersion },
	}
}

func showVersion(_ context.Context, sys *cli.System, args []string) error {
	if len(args) > 0 {
		return cli.Usagef("version takes no arguments")
	}
	kernels := solver.Kernels()
	others := ""
	if len(kernels) > 1 {
		others = " (others here: " + strings.Join(kernels[1:], ", ") + ")"
	}
	_, err := fmt.Fprintf(sys.Stdout, "budget  %s\ngo      %s %s/%s\nkernel  %s%s\ncatalog %s\n",
		inputs.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, kernels[0], others,
		model.CatalogDigest())
	return err
}
