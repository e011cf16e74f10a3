package cli

import (
	"context"
	"fmt"
	"time"

	"budget/internal/parallel"
)

// EndsItself runs a section of a command that ends soon when the command's context ends, and
// leaves something to print or to keep. Outside of such sections an interrupt ends the program.
func (s *System) EndsItself(section func() error) error {
	s.interrupt.enter()
	defer s.interrupt.leave()
	return section()
}

// interruptible returns a context that ends with the first interrupt; so does standard input. If
// the command does not end soon after it, or with the second interrupt, the program leaves, and
// nothing half written stays behind.
func interruptible(sys *System) (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	sys.interrupt = &interrupt{ctx: ctx, writing: map[*time.Time]bool{}}
	sys.Stdin = &input{ctx: ctx, from: sys.Stdin}
	sys.Stdout = &watched{sys.interrupt, sys.Stdout, true}
	sys.Stderr = &watched{sys.interrupt, sys.Stderr, false}
	wait := parallel.Go(func() {
		select {
		case <-sys.Signals:
			cancel()
		case <-done:
			return
		}
		looks := time.NewTicker(watching)
		defer looks.Stop()
		for last := time.Now(); ; {
			select {
			case <-sys.Signals:
				sys.sets.leave(func() { sys.Exit(ExitInterrupted) })
				return
			case <-done:
				return
			case now := <-looks.C:
				if sys.interrupt.ending(now) {
					last = now
				} else if now.Sub(last) >= grace {
					sys.sets.leave(func() {
						sys.sayInterrupted()
						sys.Exit(ExitInterrupted)
					})
					return
				}
			}
		}
	})
	return ctx, func() {
		cancel()
		close(done)
		wait()
	}
}

// sayInterrupted says that the program leaves, unless nothing reads standard error.
func (s *System) sayInterrupted() {
	s.interrupt.mu.Lock()
	text := noResult
	if s.interrupt.began {
		text = "the answer is cut short"
	}
	s.interrupt.mu.Unlock()
	said := make(chan struct{})
	parallel.Go(func() { // not waited for: the write may never end
		defer close(said)
		fmt.Fprintf(s.Stderr, "budget: %v\n", Interruptedf("%s", text))
	})
	select {
	case <-said:
	case <-time.After(watching):
	}
}
