package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/term"

	"budget/internal/escape"
)

// System is the world outside the program. Commands reach it only through here.
type System struct {
	Args           []string // after the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// OutWidth and ErrWidth are the columns of a terminal, 0 without a terminal.
	OutWidth, ErrWidth int
	Getenv             func(string) string
	Environ            func() []string // the whole environment; nil is an empty one
	Now                func() time.Time
	Signals            <-chan os.Signal // interrupts
	Exit               func(code int)   // leaves at once
	// ThroughDisk, if not nil, stands between the program and a file it writes.
	ThroughDisk func(io.Writer) io.Writer
	sets        *sets      // of this run
	interrupt   *interrupt // of this run
	command     string     // its name
	explain     bool       // whether --explain is given
	// whether the command has the flag --force, and it is given
	forcible, force bool
	exports         []exported // of the answer, beside what is printed
	stdinRead       bool
	verbose         bool
}

// exported is a file that an answer is written to in a form.
type exported struct{ form, path string }

// NewSystem returns the system that the program was started in.
func NewSystem() *System {
	interrupts := make(chan os.Signal, 2)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGTERM)
	return &System{
		Args:  os.Args[1:],
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		OutWidth: columns(os.Stdout), ErrWidth: columns(os.Stderr),
		Getenv: os.Getenv, Environ: os.Environ, Now: time.Now,
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
		return plainWidth
	}
	return width
}

// plainWidth is the width of tables where there is no terminal to fit, and no COLUMNS.
const plainWidth = 116

// width returns the columns to fit: those of the terminal, or without one what the
// environment variable COLUMNS says, from 40 to 1000.
func (s *System) width(terminal int) int {
	if terminal > 0 {
		return terminal
	}
	if n, err := strconv.Atoi(s.Getenv("COLUMNS")); err == nil && n >= 40 && n <= 1000 {
		return n
	}
	return plainWidth
}

// Columns returns the columns of answers.
func (s *System) Columns() int { return s.width(s.OutWidth) }

// colour reports whether standard output may carry bold and dim text.
func (s *System) colour() bool {
	return s.OutWidth > 0 && s.Getenv("NO_COLOR") == "" && !s.dumb()
}

// dumb reports whether the terminal takes plain text only.
func (s *System) dumb() bool { return s.Getenv("TERM") == "dumb" }

// Warn writes warnings to standard error.
func (s *System) Warn(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintf(s.Stderr, "warning: %s\n", escape.Line(w))
	}
}

// Remarkf writes a remark to standard error.
func (s *System) Remarkf(format string, args ...any) {
	fmt.Fprintf(s.Stderr, "budget: %s\n", escape.Line(fmt.Sprintf(format, args...)))
}
