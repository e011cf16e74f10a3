package caps

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
)

// limits are what a pipeline requires of an answer; 0 requires nothing.
type limits struct {
	shortest model.Duration // that caps at the headline's tolerance may be
	failure  float64        // largest, of the lengths of the menu
}

const shorterFlag = "fail-if-shorter"

func (l *limits) addFlags(fs *pflag.FlagSet) {
	cli.AddValue(fs, &l.shortest, shorterFlag, inputs.ParseLength, fmt.Sprintf(
		"`duration`: exit with code %d if a cap at the headline's tolerance is shorter", cli.ExitLimit))
	inputs.AddAbove(fs, &l.failure, "a length of --offer")
}

// check returns an error if caps of the first reading at a tolerance, or lengths of the menu,
// break a limit. name names the cap at a place.
func (l *limits) check(caps []sweep.Cap, offers []sweep.Offer, tolerance float64,
	name func(i int) string) error {
	var short, often []string
	for i, c := range caps {
		if c.Reading == caps[0].Reading && c.Tolerance == tolerance &&
			c.Cap < float64(l.shortest)*(1-1e-9) {
			text := "0 s"
			if c.Status.HasCap() {
				text = notation.CapState(c.Case, c.Status, c.Cap)
			}
			short = append(short, fmt.Sprintf("%s: %s", name(i), text))
		}
	}
	for _, o := range offers {
		at := slices.IndexFunc(caps, func(c sweep.Cap) bool { return c.Case == o.Case })
		of := name(at) + ", " + notation.Length(o.Duration)
		if text := inputs.AboveText(of, o.Failure, l.failure); l.failure > 0 && text != "" {
			often = append(often, text)
		}
	}
	return cmp.Or(
		cli.Broken(short, shorterFlag, "shorter than %s", notation.Length(float64(l.shortest))),
		cli.Broken(often, inputs.AboveFlag, "above %s", notation.Percent(l.failure)))
}
