package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"budget/cmd/budget/internal/cli"
)

var update = flag.Bool("update", false, "rewrite the golden files and scripts")

// world is a system for tests.
type world struct {
	cli.System
	stdout, stderr lockedBuffer
	env            map[string]string
	interrupts     chan os.Signal
	exits          chan int
}

func NewWorld(args ...string) *world {
	w := &world{env: map[string]string{}, interrupts: make(chan os.Signal, 2),
		exits: make(chan int, 1)}
	w.System = cli.System{
		Args: args, Stdin: strings.NewReader(""), Stdout: &w.stdout, Stderr: &w.stderr,
		Getenv: func(key string) string { return w.env[key] }, Now: time.Now,
		Signals: w.interrupts, Exit: func(code int) { w.exits <- code },
	}
	return w
}

// invoke runs the program in this process.
func invoke(args ...string) (code int, stdout, stderr string) {
	w := NewWorld(args...)
	code = run(&w.System)
	return code, w.stdout.String(), w.stderr.String()
}

// lockedBuffer is written by the progress line and read by tests.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// failingWriter fails after a number of bytes.
type failingWriter struct {
	to   io.Writer
	left int
	err  error
}

func (w *failingWriter) Write(p []byte) (int, error) {
	if len(p) <= w.left {
		w.left -= len(p)
		return w.to.Write(p)
	}
	n, _ := w.to.Write(p[:w.left])
	w.left = 0
	return n, w.err
}

// Golden compares text with a file of testdata.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// listing names the files of a directory, hidden ones too.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
