package cli

import (
	"fmt"
	"strings"

	"budget/cmd/budget/internal/texttab"
)

// WriteNotes writes the small print under a table, and on standard error which
// columns there was no room for.
func WriteNotes(sys *System, f Format, notes, dropped []string) error {
	fmt.Fprintln(sys.Stdout)
	for _, note := range notes {
		if f == FormatMarkdown {
			fmt.Fprintf(sys.Stdout, "%s\n\n", note)
			continue
		}
		for _, line := range texttab.Wrap(note, sys.TableWidth()) {
			if sys.Colour() {
				line = texttab.Dim.Paint(line)
			}
			fmt.Fprintln(sys.Stdout, line)
		}
	}
	if len(dropped) > 0 {
		fmt.Fprintf(sys.Stderr, "budget: no room for: %s; a wider terminal or --format md shows all\n", strings.Join(dropped, ", "))
	}
	return nil
}

// Warn writes warnings to standard error.
func Warn(sys *System, warnings []string) {
	for _, w := range warnings {
		fmt.Fprintf(sys.Stderr, "warning: %s\n", w)
	}
}
