package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"budget/internal/disk"
	"budget/plots"
)

// Output is a directory that a command writes its files to.
type Output struct {
	sys *System
	dir string
	own bool     // whether it holds results of the same command
	old []string // names of files to remove once new ones are written
	// beside is set for files for people, beside results
	beside bool
}

// File is a file to write: its name in the directory and what writes it.
type File struct {
	Name    string
	Write   func(io.Writer) error
	Program bool // it can be executed
	Chart   bool // not drawn for the answer so far of a command that was interrupted
}

// OpenOutput makes the directory and finds out whether the files can be made there, before
// a run is spent on them. It is an error if they would replace results of another command.
// Without a directory it returns nil, which writes nothing.
func OpenOutput(sys *System, dir string, files []File) (*Output, error) {
	if dir == "" {
		return nil, nil
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	hint := ""
	if sys.forcible {
		hint = ", or give --" + forceFlag + " to replace them"
	}
	old, err := claim(dir, sys.command, names, sys.force, hint)
	if err != nil {
		return nil, err
	}
	if err := disk.MakeDirectory(dir); err != nil {
		return nil, Filef(err, "cannot make directory %s", dir)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			err = errors.New("it is a directory")
		case err == nil && !info.Mode().IsRegular():
			err = errors.New("it is not a regular file")
		case errors.Is(err, fs.ErrNotExist):
			err = nil
		}
		if err != nil {
			return nil, Filef(err, "cannot write %s", path)
		}
	}
	if err := probe(sys, dir); err != nil {
		return nil, Filef(err, "cannot write to directory %s", dir)
	}
	return &Output{sys: sys, dir: dir, own: holds(dir, sys.command), old: old}, nil
}

// probe finds out whether a file can be written to a directory.
func probe(sys *System, dir string) error {
	set, err := sys.sets.begin(dir)
	if err != nil {
		return err
	}
	defer sys.sets.done(set)
	f, err := set.Create("probe")
	if err != nil {
		return err
	}
	_, err = f.Write([]byte{'\n'})
	return errors.Join(err, f.Close())
}

// Beside says that the files are for people, beside results that others have written: they are
// entered in the provenance of the directory, or of the one above, only where there is one.
func (o *Output) Beside() {
	if o != nil {
		o.beside = true
	}
}

// Replace names files of the command's earlier runs that go if Write does not write them
// again. They stay in a directory without results of the command.
func (o *Output) Replace(names ...string) {
	if o != nil && o.own {
		o.old = append(o.old, names...)
	}
}

// Write writes all files, or none: all take their places once every one is whole. The last is
// provenance.json, with the digests of all: that of the files or, without one, of the command.
func (o *Output) Write(files []File) error {
	if o == nil {
		return nil
	}
	set, err := o.sys.sets.begin(o.dir)
	if err != nil {
		return Filef(err, "cannot write to directory %s", o.dir)
	}
	defer o.sys.sets.done(set)
	seal := disk.AddSeal(o.origin)
	if o.beside {
		seal = disk.JoinSeal
	}
	for _, f := range files {
		if f.Chart && o.sys.interrupt.cut() {
			continue // drawing may take long, and budget plot draws it, too
		}
		if f.Name == provenanceFile {
			var data bytes.Buffer
			if err := f.Write(&data); err != nil {
				return err
			}
			seal = disk.NewSeal(func() ([]byte, error) { return data.Bytes(), nil })
			continue
		}
		if err := o.stage(set, f); err != nil {
			return err
		}
	}
	if err := set.Place(seal, o.old...); err != nil {
		return Filef(err, "cannot write to directory %s", o.dir)
	}
	return nil
}

// origin is the provenance of files whose command has none of its own.
func (o *Output) origin() ([]byte, error) {
	return json.MarshalIndent(map[string]string{"command": "budget " + o.sys.command}, "", "  ")
}

// stage writes a file that waits for the others. It does not hold the file in memory: one with all
// remarks about a log may be large.
func (o *Output) stage(set *disk.Set, file File) error {
	cannot := func(err error) error {
		return Filef(err, "cannot write %s", filepath.Join(o.dir, file.Name))
	}
	create := set.Create
	if file.Program {
		create = set.CreateProgram
	}
	f, err := create(file.Name)
	if err != nil {
		return cannot(err)
	}
	to := &fileWriter{Writer: f}
	if o.sys.ThroughDisk != nil {
		to.Writer = o.sys.ThroughDisk(f)
	}
	buffered := bufio.NewWriterSize(to, 1<<16)
	err = errors.Join(file.Write(buffered), buffered.Flush())
	closed := f.Close()
	switch {
	case to.err != nil:
		return cannot(to.err)
	case err != nil:
		if _, temporary := errors.AsType[*fs.PathError](err); temporary {
			return cannot(err)
		}
		return err
	case closed != nil:
		return cannot(closed)
	}
	return nil
}

// fileWriter keeps the error of a file, apart from those of what writes to it.
type fileWriter struct {
	io.Writer
	err error
}

func (w *fileWriter) Write(data []byte) (int, error) {
	n, err := w.Writer.Write(data)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

// FileName keeps a name made of ids and levels from leaving the directory, and to what
// every system takes.
func FileName(parts ...string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\<>:"|?*`, r) || r < ' ' {
			return '_'
		}
		return r
	}, strings.Join(parts, "-"))
}

// ChartFormat is a form that charts are written in.
type ChartFormat string

// ChartFormats lists the forms of charts.
func ChartFormats() []ChartFormat { return []ChartFormat{"svg", "png", "pdf"} }

// ChartFiles lists the files of a chart, one for each format. It is drawn when they are
// written.
func ChartFiles(name string, forms []ChartFormat, draw func() (*plots.Chart, error)) []File {
	var files []File
	for _, form := range forms {
		files = append(files, File{Name: name + "." + string(form), Chart: true,
			Write: func(w io.Writer) error {
				chart, err := draw()
				if err != nil {
					return err
				}
				return chart.Encode(w, string(form))
			}})
	}
	return files
}

// NamedFiles lists the files of charts that are drawn.
func NamedFiles(charts []plots.Named, forms []ChartFormat) []File {
	var files []File
	used := map[string]bool{}
	for _, c := range charts {
		base := FileName(c.Name)
		name := base
		// Names that differ only where FileName or a file system sees no difference.
		for n := 2; used[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", base, n)
		}
		used[strings.ToLower(name)] = true
		files = append(files, ChartFiles(name, forms, func() (*plots.Chart, error) {
			return c.Chart, nil
		})...)
	}
	return files
}
