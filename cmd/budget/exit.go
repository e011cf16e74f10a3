package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"budget/model"
)

// Exit codes. 5 is kept for limits broken.
const (
	exitDone        = 0
	exitInternal    = 1
	exitUsage       = 2
	exitScenario    = 3
	exitFile        = 4
	exitImprecise   = 6
	exitAgain       = 75 // as sysexits.h has it: a temporary failure
	exitInterrupted = 130
)

// exitMeanings is what "budget help" says of the exit codes.
const exitMeanings = `Exit codes:
  0    done
  1    internal error
  2    usage: an unknown command or flag, or a value out of range
  3    a scenario file, a plan or a log with problems
  4    a file that cannot be read or written
  6    precision not reached: the answer is printed, with what is known
  75   try again: a sweep that was interrupted goes on with the same command; parts are missing
  130  interrupted: the answer is printed, with what was known by then
`

// failure is an error that ends the program with a code of its own. An empty
// message means that all is said.
type failure struct {
	code    int
	message string
}

func (f *failure) Error() string { return f.message }

// usagef reports a mistake on the command line.
func usagef(format string, args ...any) error {
	return &failure{exitUsage, fmt.Sprintf(format, args...)}
}

// filef reports a file that cannot be read or written.
func filef(err error, format string, args ...any) error {
	return &failure{exitFile, fmt.Sprintf(format, args...) + ": " + fileReason(err)}
}

// fileReason says why a file operation failed, without naming the operation and
// the path again.
func fileReason(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// report writes an error to standard error and returns its exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return exitDone
	}
	if problems, ok := errors.AsType[model.Problems](err); ok {
		// Problems carry their place, one a line, as compilers give them.
		fmt.Fprintln(w, problems)
		return exitScenario
	}
	code := exitInternal
	if f, ok := errors.AsType[*failure](err); ok {
		code = f.code
	}
	if message := err.Error(); message != "" {
		fmt.Fprintf(w, "budget: %s\n", strings.ReplaceAll(message, "\n", "\nbudget: "))
	}
	return code
}
