package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"budget/internal/escape"
	"budget/model"
)

// Exit codes. 2 is not used: Go programs end with it when they crash or run out of memory, so
// engines that run tasks again must not take it for a mistake in the command. Nor is 5.
const (
	ExitDone        = 0
	ExitInternal    = 1
	ExitScenario    = 3
	ExitFile        = 4
	ExitImprecise   = 6
	ExitLimit       = 7
	ExitUsage       = 64 // as in sysexits.h
	ExitAgain       = 75 // as in sysexits.h: a temporary failure
	ExitInterrupted = 130
)

// exitMeanings is what "budget help" says of the exit codes.
const exitMeanings = `Exit codes:
  0    done
  1    internal error
  3    a scenario file, a plan, a log or a file of defaults with problems
  4    a file that cannot be read or written
  6    precision not reached: the answer so far is printed and written to its files;
       caps that could not be found are called "too few sessions simulated"
  7    a limit of --fail-above, --fail-if-shorter or --fail-if is broken: the answer is printed and
       its files are written; or no design of optimize meets its requirements
  64   usage: an unknown command or flag, or a value out of range
  75   try again: run an interrupted sweep again and it resumes; or parts of it are missing
  130  interrupted, by Ctrl-C or SIGTERM: the answer so far is printed
`

// Failure is an error that ends the program with a code of its own. An empty
// message means that all is said.
type Failure struct {
	Code    int
	Message string
}

func (f *Failure) Error() string { return f.Message }

// Failf returns an error that ends the program with a code of its own.
func Failf(code int, format string, args ...any) error {
	return &Failure{code, fmt.Sprintf(format, args...)}
}

// Usagef reports a mistake on the command line.
func Usagef(format string, args ...any) error { return Failf(ExitUsage, format, args...) }

// Interruptedf reports an interrupt, and how much of the answer is known.
func Interruptedf(format string, args ...any) error {
	return Failf(ExitInterrupted, "interrupted: "+format, args...)
}

// Filef reports a file that cannot be read or written. An error with a code of its own, and that
// of an interrupt, stay as they are.
func Filef(err error, format string, args ...any) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return Failf(ExitFile, "%s: %s", fmt.Sprintf(format, args...), fileReason(err))
}

// FinalCodes lists the exit codes after which the same command would end the same way.
func FinalCodes() []int { return []int{ExitScenario, ExitImprecise, ExitUsage} }

// fileReason says why a file operation failed, without naming the operation and
// the path again.
func fileReason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// PrintError writes an error to standard error and returns its exit code.
func PrintError(w io.Writer, err error) int {
	if err == nil {
		return ExitDone
	}
	if problems, ok := errors.AsType[model.Problems](err); ok {
		// Problems carry their place, one a line, as compilers give them.
		fmt.Fprintln(w, escape.Visible(problems.Error()))
		return ExitScenario
	}
	code := ExitInternal
	if f, ok := errors.AsType[*Failure](err); ok {
		code = f.Code
	}
	if message := err.Error(); message != "" {
		fmt.Fprintf(w, "budget: %s\n", strings.ReplaceAll(escape.Visible(message), "\n", "\nbudget: "))
	}
	return code
}

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
