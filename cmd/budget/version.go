package main

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
	"budget/solver"
)

func versionCommand() command {
	return command{
		name:    "version",
		summary: "the version, Go, the kernel and the catalog's digest",
		help:    "Prints what a report of a problem should name.",
		define:  func(*pflag.FlagSet) action { return showVersion },
	}
}

func showVersion(_ context.Context, sys *system, args []string) error {
	if len(args) > 0 {
		return usagef("version takes no arguments")
	}
	kernels := solver.Kernels()
	others := ""
	if len(kernels) > 1 {
		others = " (others here: " + strings.Join(kernels[1:], ", ") + ")"
	}
	_, err := fmt.Fprintf(sys.stdout, "budget  %s\ngo      %s %s/%s\nkernel  %s%s\ncatalog %s\n",
		version(), runtime.Version(), runtime.GOOS, runtime.GOARCH, kernels[0], others, model.CatalogDigest())
	return err
}
