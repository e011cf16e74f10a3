package field

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"budget/model"
	"budget/sweep/sessionlog"
)

// accumulator sums up one aspect of sessions in whole numbers. The sums are therefore the same for
// every order of the sessions and however a log is split. An accumulator's JSON is its place in a
// reduced log.
type accumulator interface {
	// begin prepares an empty accumulator for sessions of a scenario.
	begin(s *model.Scenario)
	add(x *sessionlog.Session)
	// merge adds the sums of another accumulator of the same type.
	merge(other accumulator)
	// check reports what is impossible in sums that were read from a file.
	check(s *model.Scenario) error
}

// milliseconds rounds a time [s], to be summed.
func milliseconds(seconds float64) int64 { return int64(seconds*1000 + 0.5) }

// errImpossible is the error of sums that cannot be.
var errImpossible = errors.New("impossible numbers")

// errNoSessions is the error of a session type without sessions.
var errNoSessions = errors.New("no sessions")

// possible returns nil for true.
func possible(ok bool) error {
	if !ok {
		return errImpossible
	}
	return nil
}

// isCount reports whether a number of sessions is possible.
func isCount(n int64) bool { return n >= 0 && n <= mostSessions }

// byType has sums of each session type.
type byType[T any] struct {
	types map[string]*T
	// last is the type last asked for, with its sums: sessions of one type often follow each other.
	last   string
	lastOf *T
}

// of returns the sums of a type, to be changed.
func (b *byType[T]) of(id string) *T {
	if b.lastOf != nil && b.last == id {
		return b.lastOf
	}
	of := b.types[id]
	if of == nil {
		if b.types == nil {
			b.types = map[string]*T{}
		}
		of = new(T)
		b.types[id] = of
	}
	b.last, b.lastOf = id, of
	return of
}

// mergeTypes merges the sums of each type with those of others.
func (b *byType[T]) mergeTypes(others *byType[T], merge func(of, other *T)) {
	for id, other := range others.types {
		merge(b.of(id), other)
	}
}

// checkTypes reports what is impossible in sums that were read from a file: a type that the
// scenario does not have, or sums that check rejects.
func (b *byType[T]) checkTypes(s *model.Scenario, check func(*T) error) error {
	for _, id := range slices.Sorted(maps.Keys(b.types)) {
		if s.Session(id) == nil {
			return fmt.Errorf("session type %q is not in the scenario", id)
		}
		err := errImpossible
		if of := b.types[id]; of != nil {
			err = check(of)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
	}
	return nil
}

// MarshalJSON writes the sums by type.
func (b *byType[T]) MarshalJSON() ([]byte, error) {
	if b.types == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(b.types)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (b *byType[T]) UnmarshalJSON(data []byte) error {
	*b = byType[T]{}
	return json.Unmarshal(data, &b.types)
}
