package report

import (
	"budget/cmd/budget/internal/cli"
	"budget/plots"
	"budget/plots/choices"
)

// drawDesigns draws the results of budget optimize.
func (f *plotFlags) drawDesigns(sys *cli.System, dir string) error {
	c := f.choice
	if c.Confidence != 0 || f.reading != "" || f.duration != 0 ||
		len(c.Sessions)+len(c.Only)+len(c.Tolerances) > 0 {
		return cli.Usagef("%s holds the results of budget optimize: only --kind, --x, --y, --format and -o "+
			"are for its charts", dir)
	}
	if c.X+c.Y != "" && !f.draws(choices.KindKnobs) {
		return cli.Usagef("--x and --y are for --kind knobs: leave them out")
	}
	d, err := f.Designs(sys, dir)
	if err != nil {
		return err
	}
	charts, lacking, err := f.drawEach(choices.Kinds(), func(kind plots.Kind) ([]plots.Named, error) {
		return choices.Draw(d, kind, choices.Axes{X: c.X, Y: c.Y})
	})
	if err != nil {
		return err
	}
	return f.write(sys, dir, charts, lacking)
}
