package cli

import (
	"fmt"
	"strings"
)

// mostBroken is the number of answers that the line about a broken limit names.
const mostBroken = 3

// Broken returns the error for answers that break a limit of a flag, in one line, such as
// "Mindfulness: 47 min 50 s is shorter than 50 min (--fail-if-shorter)"; nil without any.
func Broken(answers []string, flag, format string, args ...any) error {
	n := len(answers)
	if n == 0 {
		return nil
	}
	text := strings.Join(answers[:min(n, mostBroken)], "; ")
	verb := "is"
	if n > 1 {
		verb = "are"
	}
	if n > mostBroken {
		text += fmt.Sprintf(" and %d more", n-mostBroken)
	}
	return Failf(ExitLimit, "%s %s %s (--%s)", text, verb, fmt.Sprintf(format, args...), flag)
}
