package store

import (
	"fmt"
	"os"
	"path/filepath"

	"budget/sweep"
	"budget/sweep/table"
)

// Run are the results of budget run in a directory: how sessions of given lengths end.
type Run struct {
	Dir        string
	Provenance sweep.Provenance
	Outcomes   []table.Outcome // by case, length and reading
	Changed    string          // as Results.Changed
}

// outcomesName is the file with the results of budget run.
const outcomesName = "outcomes.json"

// IsRun reports whether a directory has results of budget run, and none of budget caps or budget
// sweep.
func IsRun(dir string) bool {
	has := func(name string) bool { _, err := os.Stat(filepath.Join(dir, name)); return err == nil }
	return has(outcomesName) && !has(capsJSONName) && !has(blocksName)
}

// ReadRun reads the results of budget run in a directory. The error is a *disk.Changed if a file is
// not as it was written with the others; with unchecked, Changed says so instead.
func ReadRun(dir string, unchecked bool) (*Run, error) {
	r := &Run{Dir: dir}
	path, text, changed, err := readWhole(dir, outcomesName, unchecked)
	if err != nil {
		return nil, err
	}
	r.Changed = changed
	var ok bool
	if r.Outcomes, r.Provenance, ok = table.ReadOutcomesJSON(text); !ok {
		return nil, fmt.Errorf("%s is not the file of outcomes that budget writes", path)
	}
	if len(r.Outcomes) == 0 {
		return nil, ErrNothingSimulated
	}
	if err := r.Provenance.Check(); err != nil {
		return nil, fmt.Errorf("the provenance in %s %w", path, err)
	}
	for i := range r.Outcomes {
		if err := r.Outcomes[i].Check(); err != nil {
			return nil, fmt.Errorf("%s has for %s %w: run budget run again", path, r.Outcomes[i].Session,
				err)
		}
	}
	return r, nil
}

// First returns the outcomes under the first reading, by case and length.
func (r *Run) First() (first []table.Outcome) {
	for _, o := range r.Outcomes {
		if o.Reading == r.Outcomes[0].Reading {
			first = append(first, o)
		}
	}
	return first
}
