package cli

import (
	"errors"
	"io"
	"os"

	"budget/internal/disk"
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

// InputFile is a file to read at any place, several times.
type InputFile struct {
	*os.File
	Called string // its name in messages
	Size   int64  // [bytes]
	copied bool   // from a pipe to a temporary file
}

// OpenFile opens a file, or standard input for "-". What cannot be read twice, such as a pipe, is
// first copied to a temporary file.
func (s *System) OpenFile(file string) (*InputFile, error) {
	if file == Stdin {
		if s.stdinRead {
			return nil, Usagef("- is given twice: standard input can be read only once, give a file")
		}
		s.stdinRead = true
		return copied("stdin", s.Stdin)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err == nil && info.IsDir():
		err = errors.New("it is a directory")
	case err == nil && !info.Mode().IsRegular():
		in, err := copied(file, f)
		return in, errors.Join(err, f.Close())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &InputFile{File: f, Called: file, Size: info.Size()}, nil
}

// copied copies what can be read once to a temporary file.
func copied(name string, from io.Reader) (*InputFile, error) {
	f, err := disk.ScratchFile()
	if err != nil {
		return nil, err
	}
	in := &InputFile{File: f, Called: name, copied: true}
	if in.Size, err = io.Copy(f, from); err != nil {
		return nil, errors.Join(err, in.Close())
	}
	return in, nil
}

// Close closes the file, and removes it if it is a copy.
func (f *InputFile) Close() error {
	err := f.File.Close()
	if f.copied {
		disk.RemoveScratch(f.File)
	}
	return err
}
