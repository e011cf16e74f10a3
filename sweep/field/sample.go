package field

import (
	"errors"
	"slices"

	"budget/model"
	"budget/sweep/sessionlog"
)

// sampleSize is the number of sessions in a sample.
const sampleSize = 1024

// sample has the smallest keys of the sessions with a start: a sample of them that is the same
// however a log is split. Two parts of a log that share sessions share some of their samples.
type sample []uint64

func (a *sample) begin(*model.Scenario) { *a = sample{} }

func (a *sample) add(x *sessionlog.Session) {
	if x.Key != "" {
		a.put(x.Identity())
	}
}

// put adds a key if it is small enough.
func (a *sample) put(key uint64) {
	if n := len(*a); n == sampleSize && key >= (*a)[n-1] {
		return
	}
	i, found := slices.BinarySearch(*a, key)
	if found {
		return
	}
	if len(*a) == sampleSize {
		*a = (*a)[:sampleSize-1]
	}
	*a = slices.Insert(*a, i, key)
}

func (a *sample) merge(other accumulator) {
	for _, key := range *other.(*sample) {
		a.put(key)
	}
}

func (a *sample) check(*model.Scenario) error {
	for i := 1; i < len(*a); i++ {
		if (*a)[i] <= (*a)[i-1] {
			return errors.New("the keys are not in order")
		}
	}
	if len(*a) > sampleSize {
		return errors.New("too many keys")
	}
	return nil
}

// shared returns the share of sessions that two logs have in common, of all in both, estimated from
// the smallest keys of both together.
func (a sample) shared(b sample) float64 {
	var all sample
	both := map[uint64]bool{}
	for _, key := range a {
		all.put(key)
	}
	for _, key := range b {
		if _, found := slices.BinarySearch(a, key); found {
			both[key] = true
		}
		all.put(key)
	}
	number := 0
	for _, key := range all {
		if both[key] {
			number++
		}
	}
	return float64(number) / float64(max(len(all), 1))
}
