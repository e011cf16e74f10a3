package fit

import (
	"path/filepath"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
)

// checkReduce finds flags that a reduced log does not have.
func (f *fitFlags) checkReduce(sys *cli.System) error {
	if !f.reduce {
		return nil
	}
	wrong := sys.Exports()
	if f.Format != cli.FormatTable {
		wrong = append(wrong, "--format")
	}
	if f.Workload != "" {
		wrong = append(wrong, "--workload")
	}
	if wrong != nil {
		return cli.Usagef("--reduce writes a reduced log: it does not go with %s",
			strings.Join(wrong, ", "))
	}
	return nil
}

// writeReduced writes the reduced log to standard output, or to a directory.
func (a *fitted) writeReduced(sys *cli.System) error {
	listRemarks(sys, a.log, a.Quiet)
	files := []cli.File{
		{Name: reducedFile, Write: a.log.Reduce},
		{Name: "rows.csv", Write: a.writeRows},
		{Name: "provenance.json", Write: cli.JSON(a.provenance())},
	}
	out, err := a.Open(sys, a.base, files)
	if err != nil {
		return err
	}
	if out == nil {
		err = a.log.Reduce(sys.Stdout)
	} else if err = out.Write(files); err == nil {
		sys.Printf("%s, %s used: %s\n", notation.Plural(a.log.Rows, "row"),
			notation.Count(int64(a.log.Used())), filepath.Join(a.Output, reducedFile))
	}
	if err != nil {
		return err
	}
	return a.tooMany()
}
