package inputs

import (
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/plan"
)

// ReadPlan reads a plan with its base scenario under what --set says; "-" is standard input. It
// returns the file's text, too.
func (x *Settings) ReadPlan(sys *cli.System, file string) (*plan.Plan, []byte, error) {
	name, text, err := sys.ReadFile(file)
	if err != nil {
		return nil, nil, cli.Filef(err, "cannot read plan %s", name)
	}
	p, err := plan.ParseWith(name, text, x.Over)
	if err != nil {
		return nil, nil, err
	}
	p.Set = x.Set
	for _, setting := range x.Set {
		key, _, _ := strings.Cut(setting, "=")
		for i := range p.Axes {
			if slices.Contains(p.Axes[i].Keys(), key) {
				return nil, nil, cli.Usagef("--%s %s: the plan varies it in the axis %q: leave it out", setFlag,
					key, p.Axes[i].Name)
			}
		}
	}
	return p, text, nil
}
