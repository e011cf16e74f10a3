package sweeps

import (
	"fmt"
	"strings"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/internal/finite"
	"budget/internal/notation"
	"budget/sweep/store"
)

// progressForm is the form of a sweep's progress: on a terminal a line that is
// rewritten, for programs a line of JSON every second and at the end.
type progressForm string

const (
	progressLine progressForm = "line"
	progressJSON progressForm = "json"
	progressNone progressForm = "none"
)

// progress is the progress of a sweep.
type progress struct {
	now     func() time.Time
	begun   time.Time
	counter store.Progress
	blocks  int // to compute
}

// show starts showing the progress on standard error.
func (p *progress) show(sys *cli.System, form progressForm) (stop func()) {
	if form != progressJSON {
		return sys.ShowLine(form == progressNone, p.line)
	}
	write := func() {
		if text, err := finite.Marshal(p.state()); err == nil {
			fmt.Fprintf(sys.Stderr, "%s\n", text)
		}
	}
	end := cli.Every(time.Second, write)
	return func() {
		end()
		write()
	}
}

// state is a state of the progress.
type state struct {
	Blocks  int64    `json:"blocks"` // finished
	Of      int      `json:"of"`
	Paths   int64    `json:"paths"`
	Rate    float64  `json:"paths_per_s"`
	Elapsed float64  `json:"elapsed_s"`
	Left    *float64 `json:"left_s"` // null until something is finished
}

func (p *progress) state() state {
	s := state{Blocks: p.counter.Blocks.Load(), Of: p.blocks, Paths: p.counter.Paths.Load(),
		Elapsed: p.now().Sub(p.begun).Seconds()}
	if s.Elapsed > 0 {
		s.Rate = float64(s.Paths) / s.Elapsed
	}
	if s.Blocks > 0 {
		left := s.Elapsed / float64(s.Blocks) * float64(int64(s.Of)-s.Blocks)
		s.Left = &left
	}
	return s
}

func (p *progress) line() string {
	s := p.state()
	parts := []string{
		fmt.Sprintf("%s of %s", notation.Count(s.Blocks), notation.Plural(s.Of, "block")),
		notation.Count(s.Paths) + " paths", notation.Count(int64(s.Rate)) + " paths/s"}
	if s.Left != nil {
		parts = append(parts, "about "+cli.Roughly(*s.Left)+" left")
	}
	return strings.Join(parts, " · ")
}
