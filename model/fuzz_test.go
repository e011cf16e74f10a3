package model

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse reads arbitrary text as a scenario: it never panics, an error has a place and a
// reason, and an accepted scenario is sound.
func FuzzParse(f *testing.F) {
	err := fs.WalkDir(catalog, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := catalog.ReadFile(path)
		f.Add(data)
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	files, err := filepath.Glob("testdata/*.toml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in testdata: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, text := range []string{"", "\ufeff", "a = [[",
		"[[session]]\nid = 'workout'\n[session.stop]\nvalue = '1 /h'", "population.start_level_beta = 2",
		"device = [{}]", added, "shares = 'given'\ndevice = [{ id = 'x', like = 's9-41', weight = 2 }]",
		"[workload.a]\nlike = 'b'\n[workload.b]\nlike = 'a'\n[workload.c]\nlike = 'worn'\nenter = ['1 /h']"} {
		f.Add([]byte(text))
	}

	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("plan.toml", data)
		if err != nil {
			problems, ok := errors.AsType[Problems](err)
			if !ok || len(problems) == 0 {
				t.Fatalf("the error is %T: %v", err, err)
			}
			for _, p := range problems {
				checkLine(t, p.Error())
				if strings.HasPrefix(p.Message, "and ") {
					continue // how many more there are
				}
				if p.Line < 1 || p.Column < 1 || p.Message == "" {
					t.Errorf("no place or message: %q", p.Error())
				}
			}
			return
		}
		if len(s.Digest()) != 64 {
			t.Errorf("digest %q", s.Digest())
		}
		for _, p := range s.Parameters() {
			for _, v := range p.Values {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s is %v", p.Key, v)
				}
			}
			if p.Text() == "" || p.Evidence == "" || p.Source == "" {
				t.Errorf("%s has value %q, evidence %q, source %q", p.Key, p.Text(), p.Evidence, p.Source)
			}
		}
		s.Warnings()
		if len(s.Added()) > 0 {
			again, err := Parse("again.toml", []byte(written(t, s)))
			if err != nil || again.Digest() != s.Digest() {
				t.Errorf("it is read again as another scenario, %v:\n%s", err, written(t, s))
			}
		}
	})
}

// FuzzQuantity reads arbitrary text as every kind of quantity: a value is finite and is read
// again from its text, and an error is a readable line.
func FuzzQuantity(f *testing.F) {
	for _, text := range []string{"62 mW", "1 h 30 min", "-8 degC", "46.4 °F", "12 %",
		"180 mΩ Ah", "0.1 1/h", "600 W/m2", "1e-3 W", "1h30", "--5", "5 /", "0x10", "inf",
		"1_0 s^-1", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, k := range quantityKinds {
			si, unit, err := k.Parse(text)
			if err != nil {
				checkLine(t, err.Error())
				continue
			}
			if math.IsNaN(si) || math.IsInf(si, 0) {
				t.Errorf("%q as %s is %v", text, k.name, si)
			}
			// Format keeps 12 digits of the value in its own unit.
			again, _, err := k.Parse(k.Format(si, unit))
			if tolerance := 1e-11*math.Abs(si) + 1e-10; err != nil || math.Abs(again-si) > tolerance {
				t.Errorf("%q as %s is %v; as %q it is %v, %v", text, k.name, si, k.Format(si, unit), again, err)
			}
		}
	})
}
