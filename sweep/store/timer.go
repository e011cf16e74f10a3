package store

import (
	"fmt"
	"os"
	"path/filepath"

	"budget/sweep/table"
)

// Timer are the results of budget timer in a directory.
type Timer struct {
	*table.TimerRun
	Changed string // as Results.Changed
}

// timerName is the file with the results of budget timer.
const timerName = "timer.json"

// IsTimer reports whether a directory has results of budget timer.
func IsTimer(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, timerName))
	return err == nil
}

// ReadTimer reads the results of budget timer in a directory. The error is a *disk.Changed if a
// file is not as it was written with the others; with unchecked, Changed says so instead.
func ReadTimer(dir string, unchecked bool) (*Timer, error) {
	t := &Timer{}
	path, text, changed, err := readWhole(dir, timerName, unchecked)
	if err != nil {
		return nil, err
	}
	t.Changed = changed
	if t.TimerRun, err = table.ReadTimerJSON(text); err != nil {
		return nil, fmt.Errorf("%s is not the file of a timer that budget writes: %w", path, err)
	}
	if err := t.Provenance.Check(); err != nil {
		return nil, fmt.Errorf("the provenance in %s %w", path, err)
	}
	return t, nil
}
