package report

import (
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/store"
)

// Report is what the page shows.
type Report struct {
	Title, Subtitle string
	Provenance      sweep.Provenance
	Family          string // number of caps that hold together

	Lead    string // what the answers have in common
	Answers []Answer
	Notes   []string // how to read the table
	Spread  []Spread // of many cells alone
	Caps    *CapsTable
	Charts  []Gallery
	Panel   *Panel
	Starts  *Starts  // nil where budget export has left none
	Unknown *Unknown // nil where neither budget uncertainty nor budget sensitivity has left any

	Quantities []Quantity
	Inputs     []Fact
	Facts      []Fact
	Repeat     string // command that does
}

// Fact is a line of inputs or provenance.
type Fact struct {
	Name, Value string
	Code        bool // the value is for programs
}

// Section is a part of the page that its head points to.
type Section struct{ ID, Name string }

// Sections lists the parts that the page has.
func (r *Report) Sections() []Section {
	all := []Section{{"answer", "Caps"}}
	if len(r.Charts) > 0 {
		all = append(all, Section{"charts", "Charts"})
	}
	if r.Panel != nil {
		all = append(all, Section{"what-if", "What if"})
	}
	if r.Starts != nil {
		all = append(all, Section{"starts", "By the start"})
	}
	if r.Unknown != nil {
		all = append(all, Section{"unknown", "What is not known"})
	}
	return append(all, Section{"assumptions", "Assumptions"}, Section{"inputs", "Inputs"}, Section{"provenance", "Provenance"},
		Section{"method", "Method"}, Section{"glossary", "How sessions end"})
}

// Assumed counts the quantities that are assumed or anecdotal.
func (r *Report) Assumed() int { return len(r.Provenance.Assumed) }

// New makes a report of results. dir is the directory they were read
// from, as commands are to name it; repeat the command that makes the results anew, or "".
// It uses so many processors, of which no byte depends.
func New(results *store.Results, dir, repeat string, workers int) (*Report, error) {
	r := &Report{Title: title(results), Provenance: results.Provenance, Family: notation.Count(int64(results.Provenance.Caps)),
		Quantities: quantities(results.Provenance), Repeat: repeat}
	r.Subtitle = subtitle(results)
	if err := r.answer(results); err != nil {
		return nil, err
	}
	r.describe(results)
	var err error
	if r.Charts, err = draw(results); err != nil {
		return nil, err
	}
	if r.Starts, err = readStarts(results.Dir); err != nil {
		return nil, err
	}
	if r.Unknown, err = readUnknown(results, figures(r.Charts)); err != nil {
		return nil, err
	}
	r.Panel, err = newPanel(results, dir, workers)
	return r, err
}
