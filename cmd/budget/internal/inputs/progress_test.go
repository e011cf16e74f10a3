package inputs

import (
	"testing"
	"time"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	clock := time.Unix(0, 0)
	p := &progress{now: func() time.Time { return clock }}
	if line := p.line(); line != "" {
		t.Errorf("before the first case: %q", line)
	}
	p.next(1, 3, "Workout")
	p.counter.Planned.Store(400_000)
	p.counter.Paths.Store(100_000)
	clock = clock.Add(2 * time.Second)
	first := "2/3 Workout · 100 000 of 400 000 paths · 50 000 paths/s · "
	if got, want := p.line(), first+"about 14 s left"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	p.untilSure = true
	if got, want := p.line(), first+"6 s until the next check"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
