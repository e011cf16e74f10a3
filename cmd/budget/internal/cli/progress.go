package cli

import (
	"fmt"
	"time"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	"budget/internal/parallel"
)

// refresh is the time between two states of a progress line.
const refresh = 200 * time.Millisecond

// ShowLine rewrites a line on standard error until it is stopped, which takes the line
// away. It is silent where quiet, and where there is no terminal that can rewrite a line.
// An empty line is not shown.
func (s *System) ShowLine(quiet bool, line func() string) (stop func()) {
	if quiet || s.ErrWidth == 0 || s.dumb() {
		return func() {}
	}
	to := terminal(s.Stderr)
	end := Every(refresh, func() {
		if text := line(); text != "" {
			fmt.Fprintf(to, "\r%s\x1b[K", texttab.Wrap(escape.Line(text), s.ErrWidth-1)[0])
		}
	})
	return func() {
		end()
		fmt.Fprint(to, "\r\x1b[K")
	}
}

// Every calls a function again and again in a goroutine of its own. A panic of it reaches
// who stops it.
func Every(interval time.Duration, do func()) (stop func()) {
	stopped := make(chan struct{})
	wait := parallel.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				do()
			case <-stopped:
				return
			}
		}
	})
	return func() {
		close(stopped)
		wait()
	}
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
