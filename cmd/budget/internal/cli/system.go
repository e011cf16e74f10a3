package cli

import (
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"budget/cmd/budget/internal/texttab"
)

// System is the world outside the program. Commands reach it only through here.
type System struct {
	Args           []string // after the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// outWidth and errWidth are the columns of a terminal, 0 where there is none.
	OutWidth, ErrWidth int
	Getenv             func(string) string
	Now                func() time.Time
	Signals            <-chan os.Signal // interrupts
	Exit               func(code int)   // leaves at once
	// throughDisk, if not nil, stands between the program and a file it writes.
	ThroughDisk func(io.Writer) io.Writer
	temporaries *temporaries // of this run
}

func NewSystem() *System {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	return &System{
		Args:  os.Args[1:],
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		OutWidth: columns(os.Stdout), ErrWidth: columns(os.Stderr),
		Getenv: os.Getenv, Now: time.Now,
		Signals: interrupts, Exit: os.Exit,
	}
}

// columns returns the width of a terminal, or 0.
func columns(f *os.File) int {
	if !term.IsTerminal(int(f.Fd())) {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return PlainWidth
	}
	return width
}

// PlainWidth is the width of tables where there is no terminal to fit.
const PlainWidth = 110

// TableWidth returns the width of a table on standard output.
func (s *System) TableWidth() int {
	if s.OutWidth > 0 {
		return s.OutWidth
	}
	return PlainWidth
}

// Bold makes text on standard output stand out where it can.
func (s *System) Bold(text string) string {
	if !s.Colour() {
		return text
	}
	return texttab.Bold.Paint(text)
}

// Colour tells whether standard output may carry bold and dim text.
func (s *System) Colour() bool {
	return s.OutWidth > 0 && s.Getenv("NO_COLOR") == "" && !s.Dumb()
}

// Dumb tells whether the terminal takes plain text only.
func (s *System) Dumb() bool { return s.Getenv("TERM") == "dumb" }
