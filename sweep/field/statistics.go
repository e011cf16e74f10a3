package field

import (
	"fmt"
	"reflect"

	"budget/model"
	"budget/sweep/sessionlog"
)

// Statistics are the sums over sessions that the results of a log follow from. Every field is an
// accumulator; to add one, add its field.
type Statistics struct {
	Ends         endCounts       `json:"ends"`
	Risks        riskSums        `json:"risks"`
	Drains       drainCounts     `json:"drains"`
	Ambiguous    ambiguousCounts `json:"ambiguous"`
	Resignations resignations    `json:"resignations"`
	LowPower     lowPower        `json:"low_power"`
	Refusals     refusals        `json:"refusals"`
	StartLevels  startLevels     `json:"start_levels"`
	Loads        loads           `json:"loads"`
	Sample       sample          `json:"sample"`
	accumulators []accumulator
}

// NewStatistics returns empty statistics for sessions of a scenario.
func NewStatistics(s *model.Scenario) *Statistics {
	t := &Statistics{}
	fields := reflect.ValueOf(t).Elem()
	for i := range fields.NumField() {
		if !fields.Type().Field(i).IsExported() {
			continue
		}
		t.accumulators = append(t.accumulators, fields.Field(i).Addr().Interface().(accumulator))
	}
	for _, a := range t.accumulators {
		a.begin(s)
	}
	return t
}

// Add adds sessions, to one sum after the other: the counts of all do not fit into a cache.
func (t *Statistics) Add(sessions ...sessionlog.Session) {
	for _, a := range t.accumulators {
		for i := range sessions {
			a.add(&sessions[i])
		}
	}
}

// Merge adds the sessions of other statistics, which were made for the same scenario.
func (t *Statistics) Merge(other *Statistics) {
	for i, a := range t.accumulators {
		a.merge(other.accumulators[i])
	}
}

// check reports what is impossible in statistics that were read from a file.
func (t *Statistics) check(s *model.Scenario) error {
	for i, a := range t.accumulators {
		if err := a.check(s); err != nil {
			return fmt.Errorf("%s: %w", reflect.TypeOf(*t).Field(i).Tag.Get("json"), err)
		}
	}
	return nil
}
