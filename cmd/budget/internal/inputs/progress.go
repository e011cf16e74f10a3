package inputs

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
)

// progress shows how far a run has come, on a terminal that can rewrite a line.
// Anywhere else it is silent.
type progress struct {
	to      io.Writer
	width   int // of the terminal; 0 says nothing
	now     func() time.Time
	counter solver.Progress

	mu          sync.Mutex
	case_, of   int
	name        string
	begun       time.Time // of the run
	caseBegun   time.Time
	untilSure   bool // paths are added until the answer is decided
	stop, ended chan struct{}
}

// Refresh is the time between two states of the line.
const Refresh = 200 * time.Millisecond

// StartProgress begins to show a run; end it with finish.
func StartProgress(sys *cli.System, quiet, untilSure bool) *progress {
	p := &progress{to: sys.Stderr, width: sys.ErrWidth, now: sys.Now, untilSure: untilSure,
		stop: make(chan struct{}), ended: make(chan struct{})}
	if quiet || sys.Dumb() {
		p.width = 0
	}
	p.begun = p.now()
	if p.width == 0 {
		close(p.ended)
		return p
	}
	go func() {
		defer close(p.ended)
		ticker := time.NewTicker(Refresh)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if line := p.line(); line != "" {
					fmt.Fprintf(p.to, "\r%s\x1b[K", line)
				}
			case <-p.stop:
				fmt.Fprint(p.to, "\r\x1b[K")
				return
			}
		}
	}()
	return p
}

// Control runs a sweep as the options say, whose progress is shown.
func (p *progress) Control(o *Options) sweep.Control {
	return sweep.Control{Workers: o.Workers, Kernel: o.Kernel.Name(), Progress: &p.counter,
		Case: func(done, of int, c sweep.Case) { p.next(done, of, notation.Case(c)) }}
}

// next says that another case begins.
func (p *progress) next(done, of int, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counter.Paths.Store(0)
	p.counter.Planned.Store(0)
	p.case_, p.of, p.name, p.caseBegun = done+1, of, name, p.now()
}

// Finish takes the line away.
func (p *progress) Finish() {
	close(p.stop)
	<-p.ended
}

// line is what to show now.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == 0 {
		return ""
	}
	paths, planned := p.counter.Paths.Load(), p.counter.Planned.Load()
	now := p.now()
	parts := []string{p.name}
	if p.of > 1 {
		parts[0] = fmt.Sprintf("%d/%d %s", p.case_, p.of, p.name)
	}
	parts = append(parts, fmt.Sprintf("%s of %s paths", notation.Count(paths), notation.Count(planned)))
	if spent := now.Sub(p.caseBegun).Seconds(); spent > 0 && paths > 0 {
		rate := float64(paths) / spent
		parts = append(parts, notation.Count(int64(rate))+" paths/s")
		left := float64(planned-paths) / rate
		if p.untilSure {
			parts = append(parts, Roughly(left)+" to the next look")
		} else {
			left += float64(p.of-p.case_) * float64(planned) / rate
			parts = append(parts, "about "+Roughly(left)+" left")
		}
	}
	line := strings.Join(parts, " · ")
	if lines := texttab.Wrap(line, p.width-1); len(lines) > 1 {
		return lines[0]
	}
	return line
}

// Roughly writes a time left.
func Roughly(seconds float64) string {
	switch {
	case seconds < 1:
		return "1 s"
	case seconds < 90:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 5400:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}
