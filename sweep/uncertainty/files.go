package uncertainty

import (
	"fmt"
	"os"
	"path/filepath"

	"budget/internal/finite"
)

// Names of the result files.
const (
	SpreadFile      = "uncertainty.json"
	SensitivityFile = "sensitivity.json"
)

// ReadSpread reads the result of budget uncertainty -o in a directory.
func ReadSpread(dir string) (*Spread, error) {
	var u Spread
	err := readAnswer(dir, SpreadFile, &u, &u.Schema, u.Check)
	return &u, err
}

// ReadSensitivity reads the result of budget sensitivity -o in a directory.
func ReadSensitivity(dir string) (*Sensitivity, error) {
	var s Sensitivity
	err := readAnswer(dir, SensitivityFile, &s, &s.Schema, s.Check)
	return &s, err
}

// readAnswer reads a result file with a known schema and checks what it says.
func readAnswer(dir, name string, to any, found *int, check func() error) error {
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := finite.Unmarshal(data, to); err != nil {
		return fmt.Errorf("%s: it is damaged: %w", path, err)
	}
	if *found != schema {
		return fmt.Errorf("%s: it has schema %d: expected %d, of this version of the program",
			path, *found, schema)
	}
	if err := check(); err != nil {
		return fmt.Errorf("%s: %w: run again the command that wrote it", path, err)
	}
	return nil
}
