package sweeps

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
)

// forecast shows what a plan takes.
func (f *sweepFlags) forecast(ctx context.Context, sys *cli.System, plan *sweep.Plan) error {
	cells := plan.Cells()
	if f.format == cli.FormatCSV {
		return plan.WriteCells(sys.Stdout)
	}
	units := plan.Units()
	blocks := int64(len(cells) * len(plan.Sessions))
	seconds, err := f.measure(ctx, plan, units)
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Stdout, "%s: %s", sys.Bold(plan.Name), notation.Plural(int64(len(cells)), "cell"))
	var parts []string
	for _, a := range plan.Axes {
		parts = append(parts, fmt.Sprintf("%d %s", len(a.Levels), a.Name))
	}
	if len(parts) > 0 {
		fmt.Fprintf(sys.Stdout, " (%s)", strings.Join(parts, " × "))
	}
	fmt.Fprintf(sys.Stdout, ", session types %s.\n", strings.Join(plan.Sessions, ", "))
	fmt.Fprintf(sys.Stdout, "%s to find, from %s of the watch with %s each: %s paths.\n", notation.Plural(blocks, "block"),
		notation.Plural(int64(len(units)), "run"), notation.Plural(plan.Paths, "path"), notation.Count(int64(len(units))*plan.Paths))
	fmt.Fprintf(sys.Stdout, "About %s on %s.\n", inputs.Roughly(seconds), notation.Plural(int64(f.workers), "processor"))
	if f.output != "" {
		if done, err := sweep.Done(f.output, plan); err == nil && done > 0 {
			fmt.Fprintf(sys.Stdout, "%s of them are in %s already.\n", notation.Plural(int64(done), "block"), f.output)
		}
	}
	fmt.Fprintln(sys.Stdout)
	t := &texttab.Table{Columns: []texttab.Column{{Title: "Cell", Right: true}, {Title: "Levels"}, {Title: "Run", Right: true}}}
	const shown = 20
	for i, c := range cells {
		if i == shown && len(cells) > shown+1 {
			t.Row(texttab.Cell{Text: "…"}, texttab.Cell{Text: fmt.Sprintf("%s more: --format csv lists all", notation.Count(int64(len(cells)-shown)))})
			break
		}
		t.Row(texttab.Cell{Text: notation.Count(int64(c.Number))}, texttab.Cell{Text: plan.Describe(c)}, texttab.Cell{Text: notation.Count(int64(runOf(units, c)))})
	}
	_, err = t.Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	return err
}

// runOf numbers the run of the watch that a cell takes part in, from 1.
func runOf(units []sweep.Unit, c sweep.Cell) int {
	return 1 + slices.IndexFunc(units, func(u sweep.Unit) bool {
		return slices.ContainsFunc(u.Cells, func(o sweep.Cell) bool { return o.Number == c.Number })
	})
}

// measure estimates how long units take: from a few paths of one in the middle, for each
// session type, what a run, a path and a further cell of the run cost.
func (f *sweepFlags) measure(ctx context.Context, plan *sweep.Plan, units []sweep.Unit) (seconds float64, err error) {
	const few, more, together = 8192, 32768, 9
	for _, session := range plan.Sessions {
		own := slices.DeleteFunc(slices.Clone(units), func(u sweep.Unit) bool { return u.Session != session })
		probe := func(cells int, paths int64) float64 {
			u := own[len(own)/2]
			u.Cells = u.Cells[:min(cells, len(u.Cells))]
			begun := time.Now()
			if err == nil {
				err = plan.Probe(ctx, u, paths, sweep.FillControl{Workers: f.workers, Kernel: f.kernel.Name()})
			}
			return time.Since(begun).Seconds()
		}
		probe(1, few) // the first run of all finds cold caches
		one, longer, many := probe(1, few), probe(1, more), probe(together, few)
		path := max(longer-one, 0) / (more - few)
		run := max(one-few*path, 0)
		cell := max(many-one, 0) / (together - 1)
		for _, u := range own {
			seconds += run + path*float64(plan.Paths) + cell*float64(len(u.Cells)-1)
		}
	}
	return seconds, err
}
