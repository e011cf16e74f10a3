package parallel

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestMapKeepsTheOrder(t *testing.T) {
	t.Parallel()
	list := []int{3, 1, 4, 1, 5, 9, 2, 6}
	for _, workers := range []int{0, 1, 3, 100} {
		got, err := Map(workers, list, func(n int) (int, error) { return n * n, nil })
		if want := []int{9, 1, 16, 1, 25, 81, 4, 36}; err != nil || !slices.Equal(got, want) {
			t.Errorf("%d workers: %v, %v, want %v", workers, got, err, want)
		}
	}
}

func TestMapReturnsTheFirstError(t *testing.T) {
	t.Parallel()
	first, second := errors.New("first"), errors.New("second")
	errs := []error{nil, first, nil, second}
	if _, err := Map(2, errs, func(err error) (int, error) { return 0, err }); err != first {
		t.Errorf("got %v, want %v", err, first)
	}
}

func TestPanicIsTheCallers(t *testing.T) {
	t.Parallel()
	for _, workers := range []int{1, 4} {
		func() {
			defer func() {
				r := recover()
				if p, ok := r.(*Panic); ok && workers > 1 &&
					strings.Contains(string(p.Stack), "TestPanicIsTheCallers") {
					r = p.Value
				}
				if r != "no" {
					t.Errorf("%d workers: got panic %v, want no and where", workers, r)
				}
			}()
			For(workers, 8, func(_, i int) {
				if i == 5 {
					panic("no")
				}
			})
		}()
	}
}

func TestPanicOfGoIsTheCallers(t *testing.T) {
	t.Parallel()
	done := false
	Go(func() { done = true })()
	if !done {
		t.Error("wait returned before the end")
	}
	defer func() {
		p, ok := recover().(*Panic)
		if !ok || p.Value != "no" || !strings.Contains(string(p.Stack), "TestPanicOfGoIsTheCallers") {
			t.Errorf("got panic %v, want no and where", p)
		}
	}()
	Go(func() { panic("no") })()
}
