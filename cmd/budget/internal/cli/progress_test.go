package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"budget/internal/parallel"
)

// TestShowLine: the line ends where the terminal does; quiet, without a terminal or on a dumb
// one there is none.
func TestShowLine(t *testing.T) {
	t.Parallel()
	const line = "2/3 Workout · 100 000 of 400 000 paths · 50 000 paths/s"
	for _, test := range []struct {
		width int
		term  string
		quiet bool
		want  string
	}{
		{80, "xterm", false, line}, {40, "xterm", false, "2/3 Workout · 100 000 of 400 000 paths"},
		{0, "xterm", false, ""}, {80, "xterm", true, ""}, {80, "dumb", false, ""},
	} {
		var stderr bytes.Buffer
		sys := &System{Stderr: &stderr, ErrWidth: test.width,
			Getenv: func(string) string { return test.term }}
		asked := make(chan bool, 1000)
		stop := sys.ShowLine(test.quiet, func() string { asked <- true; return line })
		if test.want != "" {
			<-asked
		}
		stop()
		got, _, _ := strings.Cut(strings.TrimPrefix(stderr.String(), "\r"), "\x1b[K")
		if got != test.want {
			t.Errorf("%+v: wrote %q", test, stderr.String())
		}
	}
}

// TestPanicOfProgress: a panic in a goroutine beside the run reaches the run.
func TestPanicOfProgress(t *testing.T) {
	t.Parallel()
	called := make(chan bool, 1000)
	stop := Every(time.Millisecond, func() { called <- true; panic("broken") })
	<-called
	defer func() {
		if p, ok := recover().(*parallel.Panic); !ok || p.Value != "broken" {
			t.Errorf("recovered %v", p)
		}
	}()
	stop()
	t.Error("no panic")
}
