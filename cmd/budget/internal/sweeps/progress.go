package sweeps

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep/store"
)

// progressForm is how a sweep shows how far it is.
type progressForm string

const (
	progressLine progressForm = "line"
	progressJSON progressForm = "json"
	progressNone progressForm = "none"
)

// sweepProgress shows how far a sweep has come: on a terminal as a line that is
// rewritten, for programs as a line of JSON every second and at the end.
type sweepProgress struct {
	to      io.Writer
	form    progressForm
	width   int
	now     func() time.Time
	begun   time.Time
	counter store.Progress
	blocks  int // to find
	stop    chan struct{}
	ended   chan struct{}
}

// startSweepProgress begins to show; end it with finish.
func startSweepProgress(sys *cli.System, form progressForm, blocks int) *sweepProgress {
	p := &sweepProgress{to: sys.Stderr, form: form, width: sys.ErrWidth, now: sys.Now, begun: sys.Now(), blocks: blocks,
		stop: make(chan struct{}), ended: make(chan struct{})}
	if form == progressLine && (sys.ErrWidth == 0 || sys.Dumb()) {
		p.form = progressNone
	}
	every := inputs.Refresh
	if p.form == progressJSON {
		every = time.Second
	}
	go func() {
		defer close(p.ended)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				p.show()
			case <-p.stop:
				return
			}
		}
	}()
	return p
}

// Finish shows the last state, and returns the number of blocks done.
func (p *sweepProgress) finish() int64 {
	close(p.stop)
	<-p.ended
	switch p.form {
	case progressJSON:
		p.show()
	case progressLine:
		fmt.Fprint(p.to, "\r\x1b[K")
	}
	return p.counter.Blocks.Load()
}

// sweepState is a state of the progress.
type sweepState struct {
	Blocks  int64    `json:"blocks"` // finished
	Of      int      `json:"of"`
	Paths   int64    `json:"paths"`
	Rate    float64  `json:"paths_per_s"`
	Elapsed float64  `json:"elapsed_s"`
	Left    *float64 `json:"left_s"` // null before anything is finished
}

func (p *sweepProgress) state() sweepState {
	s := sweepState{Blocks: p.counter.Blocks.Load(), Of: p.blocks, Paths: p.counter.Paths.Load(),
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

func (p *sweepProgress) show() {
	s := p.state()
	switch p.form {
	case progressJSON:
		text, err := json.Marshal(s)
		if err == nil {
			fmt.Fprintf(p.to, "%s\n", text)
		}
	case progressLine:
		parts := []string{fmt.Sprintf("%s of %s", notation.Count(s.Blocks), notation.Plural(int64(s.Of), "block")), notation.Count(s.Paths) + " paths",
			notation.Count(int64(s.Rate)) + " paths/s"}
		if s.Left != nil {
			parts = append(parts, "about "+inputs.Roughly(*s.Left)+" left")
		}
		lines := texttab.Wrap(strings.Join(parts, " · "), p.width-1)
		fmt.Fprintf(p.to, "\r%s\x1b[K", lines[0])
	}
}
