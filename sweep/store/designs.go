package store

import (
	"fmt"
	"os"
	"path/filepath"

	"budget/sweep/table"
)

// Designs are the results of budget optimize in a directory.
type Designs struct {
	*table.DesignRun
	Dir     string
	Changed string // as Results.Changed
}

// DesignsName is the file with the results of budget optimize.
const DesignsName = "optimize.json"

// IsDesigns reports whether a directory has results of budget optimize.
func IsDesigns(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, DesignsName))
	return err == nil
}

// ReadDesigns reads the results of budget optimize in a directory. The error is a *disk.Changed if
// a file is not as it was written with the others; with unchecked, Changed says so instead.
func ReadDesigns(dir string, unchecked bool) (*Designs, error) {
	d := &Designs{Dir: dir}
	path, text, changed, err := readWhole(dir, DesignsName, unchecked)
	if err != nil {
		return nil, err
	}
	d.Changed = changed
	if d.DesignRun, err = table.ReadDesignsJSON(text); err != nil {
		return nil, fmt.Errorf("%s is not the file of designs that budget writes: %w", path, err)
	}
	if err := d.Provenance.Check(); err != nil {
		return nil, fmt.Errorf("the provenance in %s %w", path, err)
	}
	return d, nil
}
