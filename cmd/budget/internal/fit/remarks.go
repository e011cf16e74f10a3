package fit

import (
	"fmt"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

// shownRemarks is the largest number of listed remarks of a kind; rows.csv has all.
const shownRemarks = 20

// listRemarks lists the remarks about rows with their places.
func listRemarks(sys *cli.System, l *field.Log, quiet bool) {
	shown := map[sessionlog.RemarkKind]int{}
	skipped := func(kind sessionlog.RemarkKind) bool { return kind == sessionlog.Note && quiet }
	for _, r := range l.Remarks {
		if shown[r.Kind]++; shown[r.Kind] > shownRemarks || skipped(r.Kind) {
			continue
		}
		problem := r.Problem
		problem.Message = string(r.Kind) + ": " + problem.Message
		fmt.Fprintln(sys.Stderr, problem)
	}
	for _, kind := range remarkKinds {
		if more := l.Numbers[kind] - shownRemarks; more > 0 && !skipped(kind) {
			fmt.Fprintf(sys.Stderr, "%s: %s: %s more, of %s in all; rows.csv of -o lists every one\n",
				l.File, kind, notation.Count(int64(more)), notation.Count(int64(l.Numbers[kind])))
		}
	}
}

// tooMany is the error if more rows were left out than allowed, or most.
func (a *fitted) tooMany() error {
	l := a.log
	if a.strict && l.LeftOut() > 0 {
		return cli.Failf(cli.ExitScenario, "%s of %s left out: --strict allows none",
			notation.Plural(l.LeftOut(), "row"), l.File)
	}
	if 2*l.LeftOut() > l.Rows {
		return cli.Failf(cli.ExitScenario, "most rows of %s left out: %s of %s", l.File,
			notation.Count(int64(l.LeftOut())), notation.Count(int64(l.Rows)))
	}
	return nil
}

// remarkKinds lists the kinds of remarks in the order of the page.
var remarkKinds = []sessionlog.RemarkKind{sessionlog.Malformed, sessionlog.Contradictory,
	sessionlog.Duplicate, sessionlog.Note}

// leftOut says how many rows are not used, and why.
func leftOut(l *field.Log) string {
	var parts []string
	for _, x := range []struct {
		n    int
		what string
	}{{l.Malformed, "malformed"}, {l.Contradictory, "contradictory"}, {l.Duplicate, "twice there"}} {
		if x.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", notation.Count(int64(x.n)), x.what))
		}
	}
	if len(parts) == 0 {
		return "none left out"
	}
	return "left out: " + strings.Join(parts, ", ")
}
