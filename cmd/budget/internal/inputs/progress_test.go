package inputs

import (
	"bytes"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	clock := time.Unix(0, 0)
	p := &progress{width: 80, now: func() time.Time { return clock }}
	if line := p.line(); line != "" {
		t.Errorf("before the first case: %q", line)
	}
	p.next(1, 3, "Workout")
	p.counter.Planned.Store(400_000)
	p.counter.Paths.Store(100_000)
	clock = clock.Add(2 * time.Second)
	if got, want := p.line(), "2/3 Workout · 100 000 of 400 000 paths · 50 000 paths/s · about 14 s left"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.untilSure = true
	if got, want := p.line(), "2/3 Workout · 100 000 of 400 000 paths · 50 000 paths/s · 6 s to the next look"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.width = 40
	if got, want := p.line(), "2/3 Workout · 100 000 of 400 000 paths"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestNoProgressLine: quiet, without a terminal or on a dumb one there is none.
func TestNoProgressLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		width int
		term  string
		quiet bool
		shown bool
	}{
		{80, "xterm", false, true}, {0, "xterm", false, false}, {80, "xterm", true, false}, {80, "dumb", false, false},
	} {
		var stderr bytes.Buffer
		sys := &cli.System{Stderr: &stderr, ErrWidth: test.width, Now: time.Now, Getenv: func(string) string { return test.term }}
		StartProgress(sys, test.quiet, false).Finish()
		if shown := stderr.String() != ""; shown != test.shown {
			t.Errorf("%+v: wrote %q", test, stderr.String())
		}
	}
}
