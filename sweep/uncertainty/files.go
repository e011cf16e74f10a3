package uncertainty

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// The files that the answers to what is not known are kept in, whole.
const (
	SpreadFile      = "uncertainty.json"
	SensitivityFile = "sensitivity.json"
)

// ReadSpread reads what budget uncertainty -o has left in a directory.
func ReadSpread(dir string) (*Spread, error) {
	var u Spread
	err := readAnswer(dir, SpreadFile, &u, &u.Schema)
	return &u, err
}

// ReadSensitivity reads what budget sensitivity -o has left in a directory.
func ReadSensitivity(dir string) (*Sensitivity, error) {
	var s Sensitivity
	err := readAnswer(dir, SensitivityFile, &s, &s.Schema)
	return &s, err
}

// readAnswer reads a file of a directory, whose schema must be known.
func readAnswer(dir, name string, to any, found *int) error {
	path := filepath.Join(dir, name)
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, to); err != nil {
		return fmt.Errorf("%s: it is damaged: %w", path, err)
	}
	if *found != schema {
		return fmt.Errorf("%s: it has schema %d: expected %d, of this version of the program",
			path, *found, schema)
	}
	return nil
}
