package main

import (
	"context"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

func versionCommand() cli.Command {
	return cli.Command{
		Name:    "version",
		Summary: "the version, Go, the kernel and the digests of code and catalog",
		Help: `
Prints what a report of a problem should name. The version is that of go install, that of the commit
with go build in a clone, or what -ldflags "-X main.version=v1.2.3" says; devel with go run.`,
		Define: func(*pflag.FlagSet) cli.Action { return showVersion },
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
	commit := ""
	if hash, changed := inputs.Commit(); hash != "" {
		commit = "commit  " + hash
		if changed {
			commit += ", with changes"
		}
		commit += "\n"
	}
	sys.Printf("budget  %s\n%sgo      %s %s/%s\nkernel  %s%s\n"+
		"code    %s\ncatalog %s\n",
		inputs.Version(), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, kernels[0], others,
		sweep.CodeDigest(), model.CatalogDigest())
	return nil
}
