package model

import (
	"slices"
	"testing"
)

// TestSequence: what a text repeats is kept, and a sequence writes what reads back as itself.
func TestSequence(t *testing.T) {
	t.Parallel()
	s := Default()
	for _, c := range []struct {
		text  string
		lead  int // phases
		cycle int
		times int
		apart bool
	}{
		{"25 min", 1, 0, 0, false},
		{"4 x (25 min, rest 5 min)", 0, 2, 4, true},
		{"4 x 25 min", 0, 1, 4, false},
		{"4 x (25 min, keep 5 min)", 0, 2, 4, false},
		{"(3 x (rest 1 min, 5 min workout in sun))", 0, 0, 0, false}, // begins with a rest
		{"5 min, 3 x (rest 1 min, 5 min workout in sun)", 1, 2, 3, true},
		{"((2 x (20 min, 1 min rest in shade)))", 0, 2, 2, true},
		{"2 x (2 x (25 min, rest 5 min), rest 20 min)", 0, 5, 2, true},
		{"2 x (5 min, rest 1 min), 20 min", 5, 0, 0, false},
	} {
		q, err := s.ParseSequence(c.text)
		if err != nil {
			if c.lead+c.cycle > 0 {
				t.Errorf("%s: %v", c.text, err)
			}
			continue
		}
		if len(q.Lead) != c.lead || len(q.Cycle) != c.cycle || q.Times != c.times ||
			q.Apart() != c.apart {
			t.Errorf("%s: %d, then %d x %d, apart %v", c.text, len(q.Lead), q.Times, len(q.Cycle),
				q.Apart())
		}
		again, err := s.ParseSequence(q.String())
		if err != nil || !slices.Equal(again.Phases(), q.Phases()) || again.Times != q.Times {
			t.Errorf("%s is written as %s: %v", c.text, q, err)
		}
	}
}

// TestLengthened: the longest session phases alone, or all in proportion.
func TestLengthened(t *testing.T) {
	t.Parallel()
	s := Default()
	for _, c := range []struct {
		text         string
		to           Duration
		inProportion bool
		want         string
	}{
		{"5 min, 4 x (25 min, rest 5 min)", 600, false, "5 min, 4 x (10 min, rest 5 min)"},
		{"5 min, 4 x (25 min, rest 5 min)", 3000, true, "10 min, 4 x (50 min, rest 10 min)"},
		{"2 x (10 min, keep 20 min, 10 min)", 300, false, "2 x (5 min, keep 20 min, 5 min)"},
		{"2 x (10 min, rest 10 s)", 30, true, "2 x (30 s, rest 5 s)"}, // at least a step
	} {
		q, err := s.ParseSequence(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Lengthened(c.to, s.Grid.Step, c.inProportion).String(); got != c.want {
			t.Errorf("%s to %v: %s, want %s", c.text, c.to, got, c.want)
		}
	}
}
