package cli

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"budget/plots"
)

// Output is a directory that a command writes its files to.
type Output struct {
	sys *System
	dir string
	own bool     // whether it holds results of the same command
	old []string // names of files to remove once new ones are written
}

// File is a file to write: its name in the directory and what writes it.
type File struct {
	Name  string
	Write func(io.Writer) error
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
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, Filef(err, "cannot make directory %s", dir)
	}
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return nil, Filef(errors.New("it is a directory"), "cannot write %s", path)
		}
		probe, err := sys.temporaries.create(dir, f.Name)
		if err != nil {
			return nil, Filef(err, "cannot write to directory %s", dir)
		}
		_, err = probe.Write([]byte{'\n'})
		err = errors.Join(err, probe.Close(), sys.temporaries.remove(probe.Name()))
		if err != nil {
			return nil, Filef(err, "cannot write to directory %s", dir)
		}
	}
	return &Output{sys, dir, holds(dir, sys.command), old}, nil
}

// Replace names files of the command's earlier runs that go if Write does not write them
// again. They stay in a directory without results of the command.
func (o *Output) Replace(names ...string) {
	if o != nil && o.own {
		o.old = append(o.old, names...)
	}
}

// Write writes all files, or none: each goes beside its place first, and all
// take their places once every one is whole.
func (o *Output) Write(files []File) (err error) {
	if o == nil {
		return nil
	}
	var parts, paths []string
	defer func() {
		for _, part := range parts {
			o.sys.temporaries.remove(part) // gone where it took its place
		}
	}()
	for _, f := range files {
		path := filepath.Join(o.dir, f.Name)
		paths = append(paths, path)
		var data bytes.Buffer
		if err := f.Write(&data); err != nil {
			return err
		}
		part, err := o.stage(f.Name, data.Bytes())
		if part != "" {
			parts = append(parts, part)
		}
		if err != nil {
			return Filef(err, "cannot write %s", path)
		}
	}
	if err := o.sys.temporaries.place(parts, paths); err != nil {
		return err
	}
	for _, name := range o.old {
		path := filepath.Join(o.dir, name)
		if slices.Contains(paths, path) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Filef(err, "cannot remove %s", path)
		}
	}
	return nil
}

// stage writes data to a temporary file in the directory and returns its path.
func (o *Output) stage(name string, data []byte) (path string, err error) {
	f, err := o.sys.temporaries.create(o.dir, name)
	if err != nil {
		return "", err
	}
	var to io.Writer = f
	if o.sys.ThroughDisk != nil {
		to = o.sys.ThroughDisk(f)
	}
	_, err = to.Write(data)
	// Temporary files are private; a result is as readable as any new file.
	return f.Name(), errors.Join(err, f.Chmod(0o644), f.Close())
}

// WriteFile writes a file in a directory that exists: all of it or nothing.
func (s *System) WriteFile(path string, data []byte, mode fs.FileMode) error {
	f, err := s.temporaries.create(filepath.Dir(path), filepath.Base(path))
	if err != nil {
		return Filef(err, "cannot write %s", path)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err == nil {
		return s.temporaries.place([]string{f.Name()}, []string{path})
	}
	s.temporaries.remove(f.Name())
	return Filef(err, "cannot write %s", path)
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
		files = append(files, File{name + "." + string(form), func(w io.Writer) error {
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
	for _, c := range charts {
		files = append(files, ChartFiles(FileName(c.Name), forms, func() (*plots.Chart, error) {
			return c.Chart, nil
		})...)
	}
	return files
}
