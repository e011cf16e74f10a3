package inputs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/model"
)

// maxPaths is the largest number of paths of a tally.
const maxPaths = 2_000_000_000

// ParsePaths parses a number of paths: "20000", "20 000", "20k", "1e6", "4M".
func ParsePaths(text string) (int64, error) {
	digits := strings.NewReplacer("_", "", " ", "").Replace(text)
	factor := 1.0
	for suffix, f := range map[string]float64{"k": 1e3, "K": 1e3, "M": 1e6} {
		if rest, ok := strings.CutSuffix(digits, suffix); ok {
			digits, factor = rest, f
		}
	}
	n, err := strconv.ParseFloat(digits, 64)
	n *= factor
	switch {
	case err != nil || n != math.Trunc(n) || strings.ContainsAny(digits, "xXpP"):
		return 0, fmt.Errorf("%q is not a number of paths: expected a whole number, "+
			"such as 20000, 20k or 1e6", text)
	case n < 1:
		return 0, fmt.Errorf("%s is too few: expected at least 1", text)
	case n > maxPaths:
		return 0, fmt.Errorf("%s is too many: expected at most %s", text, notation.Count(maxPaths))
	}
	return int64(n), nil
}

func parseSeed(text string) (uint64, error) {
	seed, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a seed: expected a whole number from 0 to %d", text,
			uint64(math.MaxUint64))
	}
	return seed, nil
}

// parseWorkers parses a number of processors. The limit prevents a typing error from
// starting a million goroutines.
var parseWorkers = cli.Whole(1, 1024, "not a number of workers", "1 to 1024")

// Share returns a parser for a plain number or a percentage within bounds.
func Share(within func(float64) bool, expected string) func(string) (float64, error) {
	return func(text string) (float64, error) {
		x, err := model.ParseNumber(text)
		if err != nil {
			return 0, err
		}
		if !within(float64(x)) {
			hint := ""
			if percent := float64(x) / 100; within(percent) && !strings.Contains(text, "%") {
				hint = fmt.Sprintf(": did you mean \"%s %%\"?", strings.TrimSpace(text))
			}
			return 0, fmt.Errorf("%s is out of range: expected %s%s", text, expected, hint)
		}
		return float64(x), nil
	}
}

// Parsers of shares. Below a confidence of a half a bound would be wrong more often than
// right.
var (
	ParseTolerance = Share(func(x float64) bool { return x > 0 && x < 1 },
		"more than 0 and less than 1")
	ParseConfidence = Share(func(x float64) bool { return x >= 0.5 && x <= 1-1e-12 },
		"at least 0.5 and less than 1")
	ParseShare = Share(func(x float64) bool { return x >= 0 && x <= 1 }, "0 to 1")
)

func parseLevel(text string) (*float64, error) {
	x, err := ParseShare(text)
	return &x, err
}

// ParseLength parses a duration above 0.
func ParseLength(text string) (model.Duration, error) {
	d, err := model.ParseDuration(text)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%s is out of range: expected more than 0 s", text)
	}
	return d, err
}

// maxPlan is the longest session length [s]: that of a horizon.
const maxPlan = 48 * 3600

// CheckPlan returns an error unless a session length [s] is on the time grid.
func CheckPlan(plan, step float64) error {
	length := notation.Length
	n := plan / step
	switch {
	case plan < step*(1-1e-9):
		return cli.Usagef("duration: %s is shorter than a step: expected at least %s",
			length(plan), length(step))
	case plan > maxPlan:
		return cli.Usagef("duration: %s is too long: expected at most %s", length(plan), length(maxPlan))
	case math.Abs(n-math.Round(n)) > 1e-9*n:
		return cli.Usagef("duration: %s is not a multiple of the step, %s: expected %s or %s",
			length(plan), length(step), length(math.Floor(n)*step), length(math.Ceil(n)*step))
	}
	return nil
}
