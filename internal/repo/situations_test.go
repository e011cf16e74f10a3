package repo

import (
	"bytes"
	"encoding/csv"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestSituationsMakeSense looks at answers to the questions of docs/situations.md. Few paths
// are enough: the page has the answers themselves.
func TestSituationsMakeSense(t *testing.T) {
	t.Parallel()
	const folder = "docs/situations/"
	for _, c := range []struct {
		name, command string
		says          []string // what the answer has to contain
	}{
		{"F8", "fit " + folder + "logs/raw.csv --paths 1024",
			[]string{"6 rows; none left out.", "Ended: 2 refused, 1 resigned, 1 error, 1 expired, 1 completed."}},
		{"F9", "fit " + folder + "logs/healthkit.csv --paths 1024",
			[]string{"2 rows; none left out.", "2 sessions of open length, 0.5222 h in all. Ended: 2 stopped."}},
		{"F10", "fit " + folder + "logs/slack.csv --paths 1024",
			[]string{"10 rows; none left out.", "Ended: 2 expired, 8 completed."}},
		{"F11", "fit " + folder + "logs/poweroff.csv --paths 1024",
			[]string{"4 rows; none left out.", "Ended: 3 power-off, 1 completed.", "in 2 sessions"}},
		{"F12", `measure --from-percent "84 % in 33 h 5 min" ` + folder +
			`hike.toml --like hike --device ultra1-49 --start-level "100 %"`, []string{"is 48 mW"}},
		{"F22", "measure " + folder + "logs/levels.csv --device s10-46", []string{"8.1 h of discharge"}},
		{"F25", "fit " + folder + "logs/lpm.csv --paths 1024",
			[]string{"3 rows; none left out.", "population.lpm_on_start", "2 of 3 starts"}},
		{"U1", "show workloads taps " + folder + "mine.toml", []string{"cue"}},
	} {
		s := &shell{T: t}
		answer := string(s.runProgram(append(split(t, c.command), "--quiet")...))
		for _, text := range c.says {
			if !strings.Contains(answer, text) {
				t.Errorf("%s: budget %s does not say %q:\n%s", c.name, c.command, text, answer)
			}
		}
	}
}

// TestSituationsAreOfTheRightSize wants numbers between what nobody would believe.
func TestSituationsAreOfTheRightSize(t *testing.T) {
	t.Parallel()
	const (
		frost  = ` docs/situations/frost.toml --environment frost`
		series = `run bursty,worn "30 min" docs/situations/old-series-2.toml ` +
			`--device s2-42 --start-level "60 %"`
		sauna = `run workout "5 min, 15 min" docs/situations/sauna.toml --environment sauna`
	)
	for _, c := range []struct {
		name, command string
		row           string // values of the row, with commas
		column        string
		least, most   float64
	}{
		{"F1", `cost workout "90 min"` + frost + ` --start-level "100 %"`, "level_used", "mean",
			0.1, 0.35},
		{"F1", `run after-run "30 min"` + frost + ` --start-level "85 %"`, "failure", "probability",
			0.05, 0.5},
		{"F2", series, "bursty,failure", "probability", 0.3, 0.9},
		{"F2", series, "worn,failure", "probability", 0, 0.05},
		{"F3", `breakpoint start_level "30 min" docs/situations/four-years.toml --session workout ` +
			`--device s5-44`, "start_level", "shown_percent", 25, 70},
		{"F23", sauna, "300,failure", "probability", 0, 0.05},
		{"F23", sauna, "900,failure", "probability", 0.4, 1},
		{"F26", `run mirrored "30 min" docs/situations/mirrored.toml`, "refused", "probability", 0.03,
			0.031},
	} {
		s := &shell{T: t}
		words := append(split(t, c.command), "--paths", "256", "--format", "csv", "--quiet")
		table, err := csv.NewReader(bytes.NewReader(s.runProgram(words...))).ReadAll()
		if err != nil {
			t.Errorf("%s: budget %s: %v", c.name, c.command, err)
			continue
		}
		if x := number(t, table, c.row, c.column); !(x >= c.least && x <= c.most) {
			t.Errorf("%s: budget %s: %s of %s is %v, want %v to %v", c.name, c.command, c.column, c.row,
				x, c.least, c.most)
		}
	}
}

// number returns the number in a column of the first row that has all of some values.
func number(t *testing.T, table [][]string, values, column string) float64 {
	t.Helper()
	i := slices.Index(table[0], column)
	for _, row := range table[1:] {
		missing := func(value string) bool { return !slices.Contains(row, value) }
		if i < 0 || slices.ContainsFunc(strings.Split(values, ","), missing) {
			continue
		}
		x, err := strconv.ParseFloat(row[i], 64)
		if err != nil {
			t.Error(err)
		}
		return x
	}
	t.Fatalf("no row of %s with column %s: %q", values, column, table)
	return 0
}

// TestSituationsAreChecked wants every scenario of the page to be fine, and used by the page.
func TestSituationsAreChecked(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/situations.md")
	paths, err := filepath.Glob(filepath.Join(root, "docs", "situations", "*.toml"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	s := &shell{T: t}
	for _, path := range paths {
		name := "docs/situations/" + filepath.Base(path)
		if !strings.Contains(page, name) {
			t.Errorf("%s: the page does not use it", name)
		}
		if answer := string(s.runProgram("check", name)); !strings.Contains(answer, " is fine") {
			t.Errorf("%s: %s", name, answer)
		}
	}
}
