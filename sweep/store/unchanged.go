package store

import (
	"fmt"

	"budget/internal/disk"
	"budget/sweep"
)

// incidenceName is the table of incidence curves.
const incidenceName = "incidence.csv"

// capsJSONName is the file with the caps of budget caps.
const capsJSONName = "caps.json"

// besides are files of other commands that charts and reports read beside results.
var besides = []string{"uncertainty.json", "sensitivity.json", "starts.csv", "starts.json"}

// unchanged returns an error, a *disk.Changed, unless the files in the directory are those that
// were written together.
func unchanged(dir string, swept bool) error {
	needed := append([]string{capsJSONName, curvesName, incidenceName}, besides...)
	if swept {
		needed = append(tableNames, append(besides, blocksName, planName, dictionaryName)...)
	}
	return disk.Check(dir, needed...)
}

// CheckJournal returns an error, a *disk.Changed, if a directory has a journal that is damaged.
func CheckJournal(dir string) error {
	j, err := readUndamaged(dir, journalName)
	if err != nil {
		return err
	}
	return j.Close()
}

// complete returns an error if the journal is damaged or lacks a block of the tables.
func (j *Journal) complete(dir string, blocks map[[2]string]sweep.Key) error {
	if err := j.damaged(dir); err != nil {
		return err
	}
	for _, key := range blocks {
		if !j.Has(key) {
			return &disk.Changed{Dir: dir, Reason: fmt.Sprintf("%s lacks block %x of the tables",
				j.path, key[:4])}
		}
	}
	return nil
}
