package sweeps

import (
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/plan"
)

// TestTimeLeft: the time left is told before anything is simulated; it follows what the work has
// taken so far, first of paths and blocks, then of tables, and is 0 at the end.
func TestTimeLeft(t *testing.T) {
	t.Parallel()
	clock := time.Unix(0, 0)
	p := newProgress(&cli.System{Now: func() time.Time { return clock }}, &plan.Plan{Paths: 1e6},
		make([]plan.Unit, 4), 4, 4, 1)
	left := func(what string, least, most float64) {
		t.Helper()
		if s := p.state(); s.Left < least || s.Left > most {
			t.Errorf("%s: %v s left, expected %v to %v", what, s.Left, least, most)
		}
	}
	usual := 4 * (1e6*usualPath + usualBlock)
	left("at once", usual, 1.1*usual)
	clock = clock.Add(100 * time.Second)
	p.counter.Paths.Store(1e6)
	left("a quarter after 100 s", 200, 300) // less than 300 s for the usual speed at first
	p.counter.Paths.Store(4e6)
	p.counter.Blocks.Store(4)
	p.writing = clock
	clock = clock.Add(100 * time.Second)
	p.counter.Tables.Store(2)
	left("half of the tables after 100 s", 100, 100)
	p.counter.Tables.Store(4)
	left("the end", 0, 0)
}
