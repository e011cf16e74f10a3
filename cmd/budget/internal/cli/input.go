package cli

import (
	"io"
	"os"
)

// Stdin is the argument that names standard input, or standard output where a file is written.
const Stdin = "-"

// ReadFile reads a file, or standard input for "-", and returns it with its name. It is an error
// to read standard input twice: the second reader would find nothing.
func (s *System) ReadFile(file string) (name string, data []byte, err error) {
	name = file
	switch {
	case file != Stdin:
		data, err = os.ReadFile(file)
	case s.stdinRead:
		return "stdin", nil, Usagef("- is given twice: standard input can be read only once, give a file")
	default:
		s.stdinRead, name = true, "stdin"
		data, err = io.ReadAll(s.Stdin)
	}
	if err == nil {
		s.Verbosef("read %s: %d bytes, SHA-256 %s…", name, len(data), digest(data))
	}
	return name, data, err
}
