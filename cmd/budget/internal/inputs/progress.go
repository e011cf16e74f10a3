package inputs

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
)

// Simulate runs a simulation with the options and shows its progress. It must end with its
// context. untilSure says that
// paths are added until the answer is decided.
func (o *Options) Simulate(sys *cli.System, untilSure bool, run func(sweep.Control) error) error {
	p := &progress{now: sys.Now, untilSure: untilSure}
	p.ended = func() {
		if p.of > 0 {
			sys.Verbosef("%s: %s in %s", p.title(), notation.Plural(p.counter.Paths.Load(), "path"),
				cli.Took(sys.Now().Sub(p.begun)))
		}
	}
	o.SayMachine(sys)
	defer sys.Stage("simulate")()
	stop := sys.ShowLine(o.Quiet, p.line)
	defer p.ended()
	defer stop()
	control := sweep.Control{Workers: o.Processors(), Kernel: o.Kernel.Name(), Progress: &p.counter,
		Case: func(done, of int, c sweep.Case) { p.next(done, of, notation.Case(c)) }}
	return sys.EndsItself(func() error { return run(control) })
}

// SayMachine says with --verbose what simulates.
func (m Machine) SayMachine(sys *cli.System) {
	sys.Verbosef("kernel %s, %s", m.Kernel.Name(), notation.Plural(m.Processors(), "worker"))
}

// progress is the progress of a run.
type progress struct {
	now       func() time.Time
	untilSure bool
	counter   solver.Progress
	ended     func() // called at the end of a case

	mu         sync.Mutex
	number, of int // of the current case
	name       string
	begun      time.Time
}

// next starts the next case.
func (p *progress) next(done, of int, name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended != nil {
		p.ended()
	}
	p.counter.Paths.Store(0)
	p.counter.Planned.Store(0)
	p.number, p.of, p.name, p.begun = done+1, of, name, p.now()
}

// title names the current case.
func (p *progress) title() string {
	if p.of > 1 {
		return fmt.Sprintf("%d/%d %s", p.number, p.of, p.name)
	}
	return p.name
}

// line returns the current progress as text.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == 0 {
		return ""
	}
	paths, planned := p.counter.Paths.Load(), p.counter.Planned.Load()
	parts := []string{p.title(),
		notation.Count(paths) + " of " + notation.Count(planned) + " paths"}
	if spent := p.now().Sub(p.begun).Seconds(); spent > 0 && paths > 0 {
		rate := float64(paths) / spent
		left := float64(planned-paths) / rate
		text := cli.Roughly(left) + " until the next check"
		if !p.untilSure {
			left += float64(p.of-p.number) * float64(planned) / rate
			text = "about " + cli.Roughly(left) + " left"
		}
		parts = append(parts, notation.Count(int64(rate))+" paths/s", text)
	}
	return strings.Join(parts, " · ")
}
