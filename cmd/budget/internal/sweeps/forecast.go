package sweeps

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// forecast shows the cells of a plan and the expected time.
func (d *directory) forecast(ctx context.Context, sys *cli.System, p *plan.Plan,
	form cli.Format) error {
	if form == cli.FormatCSV {
		return p.WriteCells(sys.Stdout)
	}
	cells, units := p.Cells(), p.Units()
	runs := store.Runs(p, units)
	seconds, err := d.measure(ctx, p, units)
	if err != nil {
		return err
	}
	var axes []string
	for _, a := range p.Axes {
		axes = append(axes, fmt.Sprintf("%d %s", len(a.Levels), a.Name))
	}
	return sys.Print(cli.Answer{Page: func(page *cli.Page) {
		page.Printf("About %s on %s.\n", cli.Roughly(seconds),
			notation.Plural(d.Processors(), "processor"))
		of := notation.Plural(len(cells), "cell")
		if len(axes) > 0 {
			of += " (" + strings.Join(axes, " × ") + ")"
		}
		page.Wrap(fmt.Sprintf("%s: %s, session types %s.", p.Name, of, strings.Join(p.Sessions, ", ")))
		page.Wrap(fmt.Sprintf("%s to compute, from %s of the watch with %s each: %s paths.",
			notation.Plural(len(cells)*len(p.Sessions), "block"), notation.Plural(runs, "run"),
			notation.Plural(p.Paths, "path"), notation.Count(int64(runs)*p.Paths)))
		if d.path != "" {
			if done, err := store.Done(d.path, p); err == nil && done > 0 {
				page.Printf("%s of them already exist in %s.\n", notation.Plural(done, "block"), d.path)
			}
		}
		page.Printf("\n")
		page.Table(cellTable(p, cells, units))
	}}, form, true)
}

// cellTable lists the first cells of a plan with the run of the watch that each shares.
func cellTable(p *plan.Plan, cells []plan.Cell, units []plan.Unit) *texttab.Table {
	const shown = 20
	t := texttab.New(">Cell", "Levels", ">Run")
	t.Columns[1].Wrap = 30
	for i, c := range cells {
		if i == shown && len(cells) > shown+1 {
			t.Texts("…", notation.Count(int64(len(cells)-shown))+" more: --format csv lists all")
			break
		}
		t.Texts(notation.Count(int64(c.Number)), p.Describe(c), notation.Count(int64(runOf(units, c))))
	}
	return t
}

// runOf returns the number, from 1, of a cell's run of the watch.
func runOf(units []plan.Unit, c plan.Cell) int {
	return units[slices.IndexFunc(units, func(u plan.Unit) bool {
		return slices.ContainsFunc(u.Cells, func(o plan.Cell) bool { return o.Number == c.Number })
	})].Run
}

// measure estimates the time of units [s]. For each session type it runs a few paths of
// a unit in the middle to measure the cost of a run, of a path and of a further cell.
func (d *directory) measure(ctx context.Context, p *plan.Plan, units []plan.Unit) (seconds float64,
	err error) {
	const together = 9
	more := min(max(p.Paths, 2048), 32768) // a small plan needs no long measurement
	few := more / 4
	control := store.Control{Workers: d.Processors(), Kernel: d.Kernel.Name()}
	for _, session := range p.Sessions {
		own := slices.DeleteFunc(slices.Clone(units), func(u plan.Unit) bool {
			return u.Session != session
		})
		probe := func(cells int, paths int64) float64 {
			u := own[len(own)/2]
			u.Cells = u.Cells[:min(cells, len(u.Cells))]
			begun := time.Now()
			if err == nil {
				err = store.Probe(ctx, p, u, paths, control)
			}
			return time.Since(begun).Seconds()
		}
		probe(1, few) // warm up: the first run has cold caches
		one, longer, many := probe(1, few), probe(1, more), probe(together, few)
		path := max(longer-one, 0) / float64(more-few)
		run := max(one-float64(few)*path, 0)
		cell := max(many-one, 0) / (together - 1)
		seconds += float64(store.Runs(p, own)) * (run + path*float64(p.Paths) - cell)
		for _, u := range own {
			seconds += cell * float64(len(u.Cells))
		}
	}
	return seconds, err
}
