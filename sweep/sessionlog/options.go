package sessionlog

import (
	"fmt"
	"maps"
	"strings"

	"budget/model"
	"budget/model/document"
)

// Options says how to read a log.
type Options struct {
	Map   map[string]string // column name in the file by column, such as "planned": "length_min"
	Slack Slack
	// Workers is the number of goroutines, also of fits; 0 means one per processor. Results do not
	// depend on it.
	Workers int
	// Keep fills Log.Sessions.
	Keep bool
}

// Slack is how much shorter than planned a completed session may be: the larger of a time [s]
// and a share of the planned length. Apps' clocks and the log's differ by as much.
type Slack struct{ Time, Share float64 }

// DefaultSlack is 5 s or 1 %.
var DefaultSlack = Slack{5, 0.01}

// of returns the slack of a planned length [s].
func (s Slack) of(planned float64) float64 { return max(s.Time, s.Share*planned) }

// String writes the slack as ParseSlack reads it.
func (s Slack) String() string {
	return fmt.Sprintf("%s or %g %%", model.Duration(s.Time), 100*s.Share)
}

// ParseSlack reads a slack: a time, a share, or both, such as "5 s or 1 %".
func ParseSlack(text string) (Slack, error) {
	wrong := fmt.Errorf("%s is not a slack: expected a time, a share or both, such as \"5 s or 1 %%\"",
		document.Quote(text))
	var s Slack
	for part := range strings.SplitSeq(text, " or ") {
		if strings.HasSuffix(part, "%") {
			x, err := model.ParseNumber(strings.TrimSpace(part))
			if err != nil || x < 0 || x >= 1 || s.Share != 0 {
				return s, wrong
			}
			s.Share = float64(x)
			continue
		}
		x, _, err := model.KindDuration.Parse(strings.TrimSpace(part))
		if err != nil || x < 0 || x > 60*MostMinutes || s.Time != 0 {
			return s, wrong
		}
		s.Time = x
	}
	return s, nil
}

// AddMap adds names of columns to a map: "planned=length_min", or several with commas.
func AddMap(to map[string]string, text string) error {
	for pair := range strings.SplitSeq(text, ",") {
		column, name, ok := strings.Cut(pair, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return fmt.Errorf("%s does not map a column: expected one such as planned=length_min",
				document.Quote(pair))
		}
		if err := mapped(to, strings.TrimSpace(column), strings.TrimSpace(name)); err != nil {
			return err
		}
	}
	return nil
}

// AddMapFile adds the names of columns in a TOML file, with lines such as
// planned = "length_min". The error is a Problems value.
func AddMapFile(to map[string]string, file string, data []byte) error {
	root, err := document.Parse(file, data)
	if err != nil {
		return err
	}
	var problems document.Problems
	for _, e := range root.Entries {
		err := fmt.Errorf("expected the name of a column in quotes")
		if e.Value.Kind == document.String {
			err = mapped(to, e.Key, e.Value.Text)
		}
		if err != nil {
			problems = append(problems, document.Problem{File: file, Line: e.At.Line,
				Column: e.At.Column, Key: e.Key, Message: err.Error()})
		}
	}
	if problems != nil {
		return problems
	}
	return nil
}

func mapped(to map[string]string, column, name string) error {
	known, _, _ := columnNamed(column)
	if known == noColumn {
		return fmt.Errorf("%s is not a column of a log: expected one of %s", document.Quote(column),
			strings.Join(columnNames[columnSession:], ", "))
	}
	for other := range maps.Keys(to) {
		if same, _, _ := columnNamed(other); same == known {
			return fmt.Errorf("column %s is mapped twice", known)
		}
	}
	to[column] = name
	return nil
}
