package inputs

import (
	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/sweep"
)

// TooFew returns the error of an answer with n of all caps not found, nil if n is 0. more
// says what to do, such as "give more --paths".
func TooFew(n, all int, more string) error {
	if n == 0 {
		return nil
	}
	return cli.Failf(cli.ExitImprecise, "precision not reached: %s for %s of %s; %s",
		sweep.CapUnknown.Name(), notation.Count(int64(n)), notation.Plural(all, "cap"), more)
}

// What to do if too few sessions were simulated.
const (
	MorePaths     = "give more --paths"
	MorePlanPaths = "give the plan more paths"
)
