package optimize

import (
	"context"
	"testing"

	"budget/sweep"
)

// large is a space of 1024 designs on one plant, best where the rates are lowest.
const large = `
sessions = ["self-care"]
paths = 1024
seed = 3
[goal]
longest = "11 min"
within = "4 min"
[[axis]]
name = "low"
choose = true
key = "policy.suppress_low"
from = "0.2 /h"
to = "12 /h"
count = 32
[[axis]]
name = "base"
choose = true
key = "policy.suppress_base"
from = "0.01 /h"
to = "0.6 /h"
count = 32
`

// TestLargeSpacesAreScreened: of many designs a sample is screened, and the best is found near its
// leaders. The race is on other random numbers, and knows only what was screened.
func TestLargeSpacesAreScreened(t *testing.T) {
	d := parse(t, large)
	if len(d.Candidates) != 1024 {
		t.Fatalf("%d designs", len(d.Candidates))
	}
	r, err := Find(context.Background(), d, sweep.Control{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Screening
	if s == nil || s.Of != 1024 || s.Sampled != screenSample || len(r.Standings) <= s.Sampled ||
		len(r.Standings) > MostRaced || r.Best == nil || r.Sessions != 2*1024 {
		t.Fatalf("%+v, %d raced, %d sessions", s, len(r.Standings), r.Sessions)
	}
	fillsTheSpace(t, d)
	corner := false
	for i := range r.Design.Candidates {
		at := r.Design.levelsOf(i)
		corner = corner || at[0] <= 2 && at[1] <= 2
	}
	if !corner {
		t.Error("nothing near the best corner was evaluated")
	}
}

// fillsTheSpace checks that a sample has levels from every part of two knobs.
func fillsTheSpace(t *testing.T, d *Design) {
	t.Helper()
	s := &screening{evaluator: &evaluator{Design: d}, at: map[string]int{}}
	for i := range d.Candidates {
		s.at[s.key(d.levelsOf(i))] = i
	}
	var cells [8][8]int
	for _, i := range s.sample() {
		levels := d.levelsOf(i)
		cells[levels[0]/4][levels[1]/4]++
	}
	for _, row := range cells {
		for _, n := range row {
			if n < 2 || n > 7 { // 4 on average
				t.Fatalf("%v", cells)
			}
		}
	}
}
