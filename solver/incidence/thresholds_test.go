package incidence

import (
	"slices"
	"testing"

	"budget/model"
)

// TestThresholds: arrays have room for the thresholds of package model's table.
func TestThresholds(t *testing.T) {
	if !slices.Equal(thresholds[:], model.Thresholds) {
		t.Errorf("thresholds are %v, those of the table %v", thresholds, model.Thresholds)
	}
}
