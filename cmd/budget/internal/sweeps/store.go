package sweeps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// directory is the directory of a sweep and the flags for filling it.
type directory struct {
	path string
	inputs.Machine
	inputs.Settings
	progress progressForm
	quiet    bool
}

func newDirectory() directory {
	return directory{Machine: inputs.Machine{Kernel: inputs.Fastest}, progress: progressLine}
}

// addFlags adds the flags for the directory and for running.
func (d *directory) addFlags(fs *pflag.FlagSet) {
	cli.AddOutput(fs, &d.path, cli.Directory,
		"`directory` of the sweep; give the same one to resume")
	d.AddSet(fs)
	d.AddMachine(fs)
	cli.AddChoice(fs, &d.progress, "progress",
		[]progressForm{progressLine, progressJSON, progressNone},
		"`form` of progress on standard error: line (on a terminal), json (a line for programs "+
			"every second) or none")
	cli.AddQuiet(fs, &d.quiet, "no progress, warnings or notes")
}

// readPlan reads the plan named by the arguments; "-" is standard input.
func (d *directory) readPlan(sys *cli.System, command string, args []string) (*plan.Plan, []byte,
	error) {
	if len(args) != 1 {
		return nil, nil, cli.Usagef("expected one plan, such as: budget %s docs/plans/meditation.toml "+
			"-o out", command)
	}
	return d.ReadPlan(sys, args[0])
}

// remarkf writes a remark to standard error.
func (d *directory) remarkf(sys *cli.System, format string, args ...any) {
	if !d.quiet {
		sys.Remarkf(format, args...)
	}
}

func (d *directory) writer() store.Writer {
	return store.Writer{Version: inputs.Version(), Code: sweep.CodeDigest(),
		Catalog: model.CatalogDigest(), Go: runtime.Version(), Kernel: d.Kernel.Name()}
}

// open opens the store.
func (d *directory) open(sys *cli.System) (*store.Store, error) {
	if err := sys.ClaimSweep(d.path); err != nil {
		return nil, err
	}
	s, err := store.Open(d.path, d.writer())
	if errors.Is(err, store.ErrBusy) {
		return nil, cli.Failf(cli.ExitAgain, "another budget is working in %s: wait for it, "+
			"or choose another directory", d.path)
	}
	if at, ok := errors.AsType[*fs.PathError](err); ok && at.Path != d.path {
		return nil, cli.Filef(err, "cannot open the sweep in %s: %s", d.path, at.Path)
	}
	if err != nil {
		return nil, cli.Filef(err, "cannot open the sweep in %s", d.path)
	}
	others := s.Others()
	var versions []string
	n := 0
	for w, blocks := range others {
		n += blocks
		if version := w.Version; !slices.Contains(versions, version) {
			versions = append(versions, version)
		}
	}
	if n > 0 {
		slices.Sort(versions)
		d.remarkf(sys, "%s in %s are by other code (version %s) and are not used: what the plan needs "+
			"of them is computed again", notation.Plural(n, "block"), d.path, strings.Join(versions, ", "))
	}
	return s, nil
}

// remarkDamage reports what is computed again because the journal was damaged.
func (d *directory) remarkDamage(sys *cli.System, s *store.Store) {
	for _, place := range s.Mended.Broken {
		d.remarkf(sys, "the journal in %s was damaged at byte %d: the lost results are computed again",
			d.path, place)
	}
}

// fill runs work that computes blocks and shows its progress.
func (d *directory) fill(ctx context.Context, sys *cli.System, p *progress,
	work func(store.Control) error) error {
	if p.blocks == 0 {
		return nil
	}
	d.SayMachine(sys)
	defer sys.Stage("simulate")()
	stop := p.show(sys, d.form())
	err := sys.EndsItself(func() error {
		return work(store.Control{Workers: d.Processors(), Kernel: d.Kernel.Name(),
			Progress: &p.counter})
	})
	stop()
	sys.Verbosef("%s of %s, %s", notation.Count(p.counter.Blocks.Load()),
		notation.Plural(p.blocks, "block"), notation.Plural(p.counter.Paths.Load(), "path"))
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return cli.Failf(cli.ExitAgain, "interrupted: %s of %s are kept; run the command again to resume",
			notation.Count(p.counter.Blocks.Load()), notation.Plural(p.blocks, "block"))
	}
	return d.fileFailure(err)
}

// form returns the form of the progress.
func (d *directory) form() progressForm {
	if d.quiet {
		return progressNone
	}
	return d.progress
}

// fileFailure returns the error of a sweep that cannot be read or written.
func (d *directory) fileFailure(err error) error {
	path, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case path.Op == "read":
		return cli.Filef(err, "cannot read %s", d.path)
	}
	return cli.Filef(err, "cannot write to %s", d.path)
}

// write writes the tables of a complete sweep and prints a summary.
func (d *directory) write(ctx context.Context, sys *cli.System, s *store.Store, p *plan.Plan,
	text []byte, shown *progress) error {
	summary := capsSummary{}
	defer sys.Stage("write the tables")()
	shown.writing = sys.Now()
	stop := shown.show(sys, d.form())
	err := sys.EndsItself(func() error {
		return s.Write(ctx, p, text, d.Processors(), func(c plan.Cell, caps []sweep.Cap) {
			for _, found := range caps {
				summary.add(c, found)
			}
			shown.counter.Tables.Add(1)
		})
	})
	stop()
	if err != nil && ctx.Err() != nil {
		return cli.Failf(cli.ExitAgain, "interrupted: all is simulated, but the tables are not "+
			"written; run the command again for them")
	}
	if err != nil {
		return d.fileFailure(err)
	}
	unknown, all := summary.unknown()
	tooFew := inputs.TooFew(unknown, all, inputs.MorePlanPaths)
	if d.quiet {
		return tooFew
	}
	return cmp.Or(sys.Print(cli.Answer{
		Page: func(page *cli.Page) { page.Table(summary.table(p)) },
		Notes: []string{
			fmt.Sprintf("All %s of %s hold together with %s confidence.",
				notation.Plural(p.Family(), "cap"), notation.Plural(len(p.Cells()), "cell"),
				notation.Percent(p.Confidence)),
			fmt.Sprintf("For every cap: budget caps %s, or %s.", d.path, filepath.Join(d.path, "caps.csv")),
		},
		Explain: []string{
			fmt.Sprintf("%s of %q, %s a cell and session type, seed %d.",
				notation.Plural(len(p.Cells()), "cell"), p.Name, notation.Plural(p.Paths, "path"), p.Seed),
			fmt.Sprintf("Tables: %s and incidence.csv, the same as .parquet; %s says what the columns mean.",
				filepath.Join(d.path, "caps.csv"), filepath.Join(d.path, "columns.md")),
		}}, cli.FormatTable, false), tooFew)
}
