package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"budget/internal/disk"
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
	if err := disk.Check(dir, timerName); err != nil {
		if _, changed := errors.AsType[*disk.Changed](err); !changed || !unchecked {
			return nil, err
		}
		t.Changed = err.Error()
	}
	path := filepath.Join(dir, timerName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if t.TimerRun, err = table.ReadTimerJSON(text); err != nil {
		return nil, fmt.Errorf("%s is not the file of a timer that budget writes: %w", path, err)
	}
	return t, nil
}
