package incidence

import (
	"slices"
	"testing"

	"budget/model"
)

// TestThresholds: the sudden causes begin with the thresholds of package model's table.
func TestThresholds(t *testing.T) {
	if !slices.Equal(sudden[:numThresholds], model.Thresholds) {
		t.Errorf("thresholds are %v, those of the table %v", sudden, model.Thresholds)
	}
}
