package repo

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plainJSON lists the files that may write JSON with encoding/json: what they write has no
// numbers that can be NaN or infinite, or is read again with all its bits.
var plainJSON = []string{"cmd/budget/internal/cli/output.go", "internal/disk/digest.go",
	"model/write.go", "sweep/cluster/containers.go",
	"sweep/field/accumulator.go", "sweep/field/load.go", "sweep/field/reduced.go",
	"sweep/field/risks.go",
	"sweep/measure/workload.go", "sweep/optimize/journal.go", "sweep/store/journal.go"}

// TestResultsAreFiniteJSON checks that all other files use package finite: encoding/json fails
// where a number is missing.
func TestResultsAreFiniteJSON(t *testing.T) {
	t.Parallel()
	writes := regexp.MustCompile(`\bjson\.(Marshal|NewEncoder)`)
	for _, path := range files(t) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "internal/finite/") || strings.HasPrefix(path, "internal/damage/") {
			continue
		}
		found := writes.MatchString(read(t, path))
		if listed := slices.Contains(plainJSON, path); found && !listed {
			t.Errorf("%s: use finite.Marshal or finite.Write", path)
		} else if !found && listed {
			t.Errorf("%s writes no JSON: take it off the list", path)
		}
	}
}
