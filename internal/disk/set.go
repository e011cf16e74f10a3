package disk

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/gofrs/flock"
)

// Set is files of a directory that take their places together. It may be used by several
// goroutines, each of which writes its own file.
type Set struct {
	dir, sign string
	lock      *flock.Flock

	mu    sync.Mutex
	files []*File
	// staged is the path of the seal before it takes its place
	staged string
	over   bool
}

// File is a file of a Set, not in its place yet.
type File struct {
	Name string // in the directory

	file     *os.File
	buffered *bufio.Writer
	content  digester
	closed   bool
}

// Begin begins a set of files in a directory, which must exist. It removes what killed processes
// have left there.
func Begin(dir string) (*Set, error) {
	RemoveDead(dir)
	sign, lock, err := begin(dir)
	if err != nil {
		return nil, err
	}
	return &Set{dir: dir, sign: sign, lock: lock}, nil
}

// Create begins a file. Close it after it is written.
func (s *Set) Create(name string) (*File, error) { return s.create(name, fileMode) }

// CreateProgram begins a file that can be executed.
func (s *Set) CreateProgram(name string) (*File, error) { return s.create(name, programMode) }

func (s *Set) create(name string, mode fs.FileMode) (*File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return nil, fs.ErrClosed
	}
	path := temporary(s.dir, s.sign, strconv.Itoa(len(s.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return nil, err
	}
	made := &File{Name: name, file: f, buffered: bufio.NewWriterSize(f, 1<<16),
		content: digester{sha: sha256.New()}}
	s.files = append(s.files, made)
	return made, nil
}

func (f *File) Write(p []byte) (int, error) {
	f.content.Write(p)
	return f.buffered.Write(p)
}

// Close writes the rest of the file to the disk.
func (f *File) Close() error {
	if f.closed {
		return nil
	}
	f.closed = true
	err := f.buffered.Flush()
	if err == nil {
		err = f.file.Sync()
	}
	return errors.Join(err, f.file.Close())
}

// Place puts all files in their places. Then it removes the files of some names that were there
// before, unless they are files of the set, and seals the directory: see Seal. The program must
// not end meanwhile if it can help it; if it does, readers refuse the directory.
func (s *Set) Place(seal Seal, gone ...string) (err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return fs.ErrClosed
	}
	defer s.end()
	for _, f := range s.files {
		if err := f.Close(); err != nil {
			return err
		}
	}
	made := digests{}
	for _, f := range s.files {
		made[f.Name] = f.content.digest()
	}
	above, text, end, err := seal.next(s.dir, made, gone)
	defer end()
	if err == nil && text != nil {
		// The disk may be full: the seal is written before the first file takes its place.
		err = s.stage(text)
	}
	if err != nil {
		return err
	}
	for _, f := range s.files {
		if err := os.Rename(f.file.Name(), filepath.Join(s.dir, f.Name)); err != nil {
			return err
		}
	}
	gone = slices.DeleteFunc(slices.Clone(gone), func(name string) bool {
		return slices.ContainsFunc(s.files, func(f *File) bool { return f.Name == name })
	})
	if err := Remove(s.dir, gone...); err != nil {
		return err
	}
	if err := SyncDirectory(s.dir); err != nil || text == nil {
		return err
	}
	if err := os.Rename(s.staged, filepath.Join(above, SealName)); err != nil {
		return err
	}
	return SyncDirectory(above)
}

// stage writes the seal beside its place.
func (s *Set) stage(text []byte) error {
	path := temporary(s.dir, s.sign, strconv.Itoa(len(s.files)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if err != nil {
		return err
	}
	s.staged = path
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// Abandon removes the files that are not in their places. After Place it does nothing. Files may
// be written and closed meanwhile: their writers get an error.
func (s *Set) Abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.end()
}

func (s *Set) end() {
	if s.over {
		return
	}
	s.over = true
	for _, f := range s.files {
		// It may be closed already, or be closed by its writer just now.
		f.file.Close()
		os.Remove(f.file.Name()) // gone where it took its place
	}
	if s.staged != "" {
		os.Remove(s.staged)
	}
	end(s.lock, temporary(s.dir, s.sign, lockSuffix), true)
}

// Replace writes one file, whole or not at all, beside those that are there. It does not seal.
func Replace(path string, write func(io.Writer) error) error {
	s, err := Begin(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer s.Abandon()
	f, err := s.Create(filepath.Base(path))
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		return err
	}
	return s.Place(Unsealed)
}
