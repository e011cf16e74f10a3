package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
)

// whole adds the commands that are made from the table itself.
func (t Commands) whole() Commands {
	var all Commands
	all = append(slices.Clone(t), completionCommand(&all), manCommand(&all),
		helpCommand(&all))
	return all
}

// dispatch runs the command that the arguments name.
func (t Commands) dispatch(ctx context.Context, sys *System) error {
	if len(sys.Args) == 0 {
		t.writeOverview(sys.Stderr)
		return Usagef("a command is missing")
	}
	name, args := sys.Args[0], sys.Args[1:]
	switch name {
	case "-h", "--help":
		name = "help"
	case "--version":
		name = "version"
	}
	if strings.HasPrefix(name, "-") {
		return Usagef("expected a command before flags such as %s: one of %s", name,
			strings.Join(t.names(), ", "))
	}
	c, err := t.find(name)
	if err != nil {
		return err
	}
	fs, act := c.newFlagSet()
	if err := fs.Parse(args); err != nil {
		return t.flagError(c, fs, err)
	}
	if help, _ := fs.GetBool("help"); help {
		return writeHelp(sys.Stdout, c)
	}
	if err := t.applyDefaults(sys, c, fs); err != nil {
		return err
	}
	defer sys.Stage("in all")()
	sys.explain, _ = fs.GetBool(explainFlag) // false where a command has none
	sys.command, sys.forcible = c.Name, fs.Lookup(forceFlag) != nil
	sys.force, _ = fs.GetBool(forceFlag)
	if err := sys.openExports(fs); err != nil {
		return err
	}
	return act(ctx, sys, fs.Args())
}

// Execute is the whole program: it finds the command, runs it and returns the exit
// code.
func Execute(sys *System, commands Commands) (code int) {
	defer func() {
		if r := recover(); r != nil {
			code = crashed(sys, r)
		}
	}()
	inner := *sys
	inner.sets = newSets()
	ctx, stop := interruptible(&inner)
	defer stop()
	inner.Stderr = &visibleWriter{to: inner.Stderr}
	out := &answerWriter{to: bufio.NewWriter(inner.Stdout)}
	inner.Stdout = out

	err := commands.whole().dispatch(ctx, &inner)
	lost := out.finish()
	code = PrintError(inner.Stderr, interrupted(ctx, err))
	if lost != nil { // without its answer a command has failed, whatever its own code
		code = PrintError(inner.Stderr, lost)
	}
	return code
}

// crashed reports a panic, which is a mistake in the program, and not in its
// input.
func crashed(sys *System, reason any) int {
	sys.Remarkf("internal error: this is a mistake in budget; please report it with the command " +
		"line and the scenario file")
	if sys.Getenv("BUDGET_DEBUG") != "" {
		fmt.Fprintf(&visibleWriter{to: sys.Stderr}, "Details for the report: %v\n%s", reason,
			strings.ReplaceAll(string(debug.Stack()), "\t", "    "))
	} else {
		fmt.Fprintln(sys.Stderr, "Set BUDGET_DEBUG=1 for the details to report.")
	}
	return ExitInternal
}

// answerWriter is standard output. It keeps the first error; a reader that went
// away, as head does, is none.
type answerWriter struct {
	to  *bufio.Writer
	err error
}

func (w *answerWriter) Write(p []byte) (int, error) {
	if w.err == nil {
		_, w.err = w.to.Write(p)
	}
	return len(p), nil
}

// Flush writes what was printed so far, for a command that goes on without an end.
func (s *System) Flush() {
	if w, ok := s.Stdout.(*answerWriter); ok && w.err == nil {
		w.err = w.to.Flush()
	}
}

// finish writes what is left.
func (w *answerWriter) finish() error {
	if w.err == nil {
		w.err = w.to.Flush()
	}
	if w.err == nil || errors.Is(w.err, syscall.EPIPE) || errors.Is(w.err, io.ErrClosedPipe) {
		return nil
	}
	return Filef(w.err, "cannot write the answer")
}
