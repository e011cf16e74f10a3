package inputs

import (
	"fmt"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/solver/estimate"
)

// AboveFlag is the flag for the largest failure that a pipeline accepts.
const AboveFlag = "fail-above"

// AddAbove adds that flag; of says what must not fail more often.
func AddAbove(fs *pflag.FlagSet, to *float64, of string) {
	cli.AddValue(fs, to, AboveFlag, ParseTolerance, fmt.Sprintf(
		"`probability`: exit with code %d if %s may fail more often (upper bound)", cli.ExitLimit, of))
}

// AboveText says of a name how often it may fail; "" if that is not above a limit. What was not
// simulated may always fail.
func AboveText(name string, failure estimate.Estimate, limit float64) string {
	switch upper := failure.Upper; {
	case upper <= limit:
		return ""
	case upper > limit:
		return fmt.Sprintf("%s: up to %s", name, notation.Chance(upper))
	}
	return name + ": up to 100 % (not simulated)"
}
