package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"budget/internal/disk"
)

// AddFormat adds the flags for the form of an answer, for the files that it is written to
// beside, and for all its notes.
func AddFormat(fs *pflag.FlagSet, to *Format) {
	AddChoice(fs, to, "format", Formats(), "`form` of the answer: table, csv, json or md")
	present(fs, "format")
	addExports(fs)
	AddExplain(fs)
}

// exportFlag returns the name of the flag that writes an answer to a file in a form.
func exportFlag(form Format) string { return "export-" + string(form) }

// exportForms lists the forms that such flags write.
func exportForms() []Format { return []Format{FormatCSV, FormatJSON, FormatMarkdown} }

// addExports adds the flags for writing an answer to files beside what is printed. Print writes
// them by itself.
func addExports(fs *pflag.FlagSet) {
	for _, form := range exportForms() {
		AddValue(fs, new(string), exportFlag(form), parseExport,
			fmt.Sprintf("write the answer also to this `file`, as --format %s prints it", form))
		present(fs, exportFlag(form))
	}
}

func parseExport(text string) (string, error) {
	if text == "-" {
		return "", errors.New("standard output has the answer already: expected a file, or --format " +
			"instead of this flag")
	}
	return NewFile(text)
}

// openExports finds out whether the files that flags name can be written, before a run is spent
// on them.
func (s *System) openExports(fs *pflag.FlagSet) error {
	places := map[string]Format{}
	for _, form := range exportForms() {
		f := fs.Lookup(exportFlag(form))
		if f == nil || f.Value.String() == "" {
			continue
		}
		path := f.Value.String()
		if whole, err := filepath.EvalSymlinks(path); err == nil {
			path = whole // a link stays one
		}
		place, err := filepath.Abs(path)
		if err != nil {
			return Filef(err, "cannot write %s", path)
		}
		if other, taken := places[place]; taken {
			return Usagef("--%s and --%s both write %s: expected two files", exportFlag(other), f.Name,
				path)
		}
		places[place] = form
		s.exports = append(s.exports, exported{string(form), path})
		if _, err := s.openExport(path); err != nil {
			return err
		}
	}
	return nil
}

// openExport returns the directory of a file to write; nil for what is no regular file, such as a
// pipe.
func (s *System) openExport(path string) (*Output, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, nil
	}
	return OpenOutput(s, filepath.Dir(path), []File{{Name: filepath.Base(path)}})
}

// Exports returns the flags that ask for the answer in files, such as "--export-csv".
func (s *System) Exports() (flags []string) {
	for _, e := range s.exports {
		flags = append(flags, "--"+exportFlag(Format(e.form)))
	}
	return flags
}

// writeExports writes an answer to the files that flags name. It tries all of them and returns
// the errors of those that failed.
func (s *System) writeExports(a Answer, quiet bool) error {
	var all []error
	for _, e := range s.exports {
		var text bytes.Buffer
		err := a.write(&text, Format(e.form), s.width(0), s.explain, quiet)
		if err == nil {
			err = s.writeExport(e.path, text.Bytes())
		}
		all = append(all, err)
	}
	return joined(all)
}

// joined returns the first error, with the messages of the others.
func joined(all []error) error {
	var code int
	for _, err := range all {
		if f, ok := errors.AsType[*Failure](err); ok && code == 0 {
			code = f.Code
		}
	}
	err := errors.Join(all...)
	if err == nil || code == 0 {
		return err
	}
	return &Failure{code, err.Error()}
}

func (s *System) writeExport(path string, text []byte) error {
	out, err := s.openExport(path)
	switch {
	case err != nil:
		return err
	case out != nil:
		out.Beside()
		return out.Write([]File{{Name: filepath.Base(path), Write: func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		}}})
	}
	if err := disk.WriteThrough(path, text); err != nil {
		return Filef(err, "cannot write %s", path)
	}
	return nil
}
