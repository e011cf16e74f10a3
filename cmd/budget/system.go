package main

import (
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"budget/cmd/budget/internal/texttab"
)

// system is the world outside the program. Commands reach it only through here.
type system struct {
	args           []string // after the program's name
	stdin          io.Reader
	stdout, stderr io.Writer
	// outWidth and errWidth are the columns of a terminal, 0 where there is none.
	outWidth, errWidth int
	getenv             func(string) string
	now                func() time.Time
	signals            <-chan os.Signal // interrupts
	exit               func(code int)   // leaves at once
	// throughDisk, if not nil, stands between the program and a file it writes.
	throughDisk func(io.Writer) io.Writer
	temporaries *temporaries // of this run
}

func newSystem() *system {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	return &system{
		args:  os.Args[1:],
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		outWidth: columns(os.Stdout), errWidth: columns(os.Stderr),
		getenv: os.Getenv, now: time.Now,
		signals: interrupts, exit: os.Exit,
	}
}

// columns returns the width of a terminal, or 0.
func columns(f *os.File) int {
	if !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return plainWidth
	}
	return width
}

// plainWidth is the width of tables where there is no terminal to fit.
const plainWidth = 110

// tableWidth returns the width of a table on standard output.
func (s *system) tableWidth() int {
	if s.outWidth > 0 {
		return s.outWidth
	}
	return plainWidth
}

// bold makes text on standard output stand out where it can.
func (s *system) bold(text string) string {
	if !s.colour() {
		return text
	}
	return texttab.Bold.Paint(text)
}

// colour tells whether standard output may carry bold and dim text.
func (s *system) colour() bool {
	return s.outWidth > 0 && s.getenv("NO_COLOR") == "" && !s.dumb()
}

// dumb tells whether the terminal takes plain text only.
func (s *system) dumb() bool { return s.getenv("TERM") == "dumb" }
