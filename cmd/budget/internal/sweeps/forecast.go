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
	"budget/sweep/plan"
	"budget/sweep/store"
)

// forecast shows what a plan takes.
func (f *sweepFlags) forecast(ctx context.Context, sys *cli.System, p *plan.Plan) error {
	cells := p.Cells()
	if f.format == cli.FormatCSV {
		return p.WriteCells(sys.Stdout)
	}
	units := p.Units()
	blocks := int64(len(cells) * len(p.Sessions))
	seconds, err := f.measure(ctx, p, units)
	if err != nil {
		return err
	}
	fmt.Fprintf(sys.Stdout, "%s: %s", sys.Bold(p.Name), notation.Plural(int64(len(cells)), "cell"))
	var parts []string
	for _, a := range p.Axes {
		parts = append(parts, fmt.Sprintf("%d %s", len(a.Levels), a.Name))
	}
	if len(parts) > 0 {
		fmt.Fprintf(sys.Stdout, " (%s)", strings.Join(parts, " × "))
	}
	fmt.Fprintf(sys.Stdout, ", session types %s.\n", strings.Join(p.Sessions, ", "))
	fmt.Fprintf(sys.Stdout, "%s to find, from %s of the watch with %s each: %s paths.\n", notation.Plural(blocks, "block"),
		notation.Plural(int64(len(units)), "run"), notation.Plural(p.Paths, "path"), notation.Count(int64(len(units))*p.Paths))
	fmt.Fprintf(sys.Stdout, "About %s on %s.\n", inputs.Roughly(seconds), notation.Plural(int64(f.workers), "processor"))
	if f.output != "" {
		if done, err := store.Done(f.output, p); err == nil && done > 0 {
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
		t.Row(texttab.Cell{Text: notation.Count(int64(c.Number))}, texttab.Cell{Text: p.Describe(c)}, texttab.Cell{Text: notation.Count(int64(runOf(units, c)))})
	}
	_, err = t.Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	return err
}

// runOf numbers the run of the watch that a cell takes part in, from 1.
func runOf(units []plan.Unit, c plan.Cell) int {
	return 1 + slices.IndexFunc(units, func(u plan.Unit) bool {
		return slices.ContainsFunc(u.Cells, func(o plan.Cell) bool { return o.Number == c.Number })
	})
}

// measure estimates how long units take: from a few paths of one in the middle, for each
// session type, what a run, a path and a further cell of the run cost.
func (f *sweepFlags) measure(ctx context.Context, p *plan.Plan, units []plan.Unit) (seconds float64, err error) {
	const few, more, together = 8192, 32768, 9
	for _, session := range p.Sessions {
		own := slices.DeleteFunc(slices.Clone(units), func(u plan.Unit) bool { return u.Session != session })
		probe := func(cells int, paths int64) float64 {
			u := own[len(own)/2]
			u.Cells = u.Cells[:min(cells, len(u.Cells))]
			begun := time.Now()
			if err == nil {
				err = store.Probe(ctx, p, u, paths, store.Control{Workers: f.workers, Kernel: f.kernel.Name()})
			}
			return time.Since(begun).Seconds()
		}
		probe(1, few) // the first run of all finds cold caches
		one, longer, many := probe(1, few), probe(1, more), probe(together, few)
		path := max(longer-one, 0) / (more - few)
		run := max(one-few*path, 0)
		cell := max(many-one, 0) / (together - 1)
		for _, u := range own {
			seconds += run + path*float64(p.Paths) + cell*float64(len(u.Cells)-1)
		}
	}
	return seconds, err
}
