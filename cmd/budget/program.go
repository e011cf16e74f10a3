package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"syscall"
)

// run is the whole program: it finds the command, runs it and returns the exit
// code.
func run(sys *system) (code int) {
	defer func() {
		if r := recover(); r != nil {
			code = crashed(sys, r)
		}
	}()
	out := &answerWriter{to: bufio.NewWriter(sys.stdout)}
	inner := *sys
	inner.stdout, inner.temporaries = out, newTemporaries()
	ctx, stop := interruptible(&inner)
	defer stop()

	err := dispatch(ctx, &inner)
	lost := out.finish()
	code = report(sys.stderr, err)
	if lost != nil { // an answer that nobody has is no answer, whatever it said
		code = report(sys.stderr, lost)
	}
	return code
}

// interruptible returns a context that ends with the first interrupt. The second
// one leaves the program at once, and nothing half written behind.
func interruptible(sys *system) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-sys.signals:
				if ctx.Err() != nil {
					sys.temporaries.leave(func() { sys.exit(exitInterrupted) })
					return
				}
				cancel()
			case <-done:
				return
			}
		}
	}()
	return ctx, func() { close(done); cancel() }
}

// crashed reports a panic, which is a mistake in the program, and not in its
// input.
func crashed(sys *system, reason any) int {
	fmt.Fprintln(sys.stderr, "budget: internal error: this is a mistake in budget; please report it with the command line and the scenario file")
	if sys.getenv("BUDGET_DEBUG") != "" {
		fmt.Fprintf(sys.stderr, "%v\n%s", reason, debug.Stack())
	} else {
		fmt.Fprintln(sys.stderr, "Set BUDGET_DEBUG=1 for the details to report.")
	}
	return exitInternal
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

// finish writes what is left.
func (w *answerWriter) finish() error {
	if w.err == nil {
		w.err = w.to.Flush()
	}
	if w.err == nil || errors.Is(w.err, syscall.EPIPE) || errors.Is(w.err, io.ErrClosedPipe) {
		return nil
	}
	return filef(w.err, "cannot write the answer")
}
