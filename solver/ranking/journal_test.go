package ranking

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// TestResumedRaces: a race that is interrupted after any look and goes on from its checkpoint ends
// as one that was not, with the same standings, looks and paths.
func TestResumedRaces(t *testing.T) {
	infeasible := func(seed uint64) *trial {
		t := newTrial(seed, evenly(8, 6.5, 0.1))
		t.Limits, t.needs = []Limit{{Most: 0.02, Zone: 0.004}}, [][]float64{make([]float64, 8)}
		for i := range t.needs[0] {
			t.needs[0][i] = t.rate(0.026+0.001*float64(i), 1)
		}
		return t
	}
	for name, make := range map[string]func(uint64) *trial{"infeasible": infeasible,
		"equally spaced": func(seed uint64) *trial { return newTrial(seed, evenly(12, 20.5, 1)) },
		"cliff":          problems[6].make} {
		whole, err := make(3).race()
		if err != nil {
			t.Fatal(err)
		}
		for stop := 1; stop <= whole.answer.Looks; stop++ {
			p := make(3)
			var last *Checkpoint
			journal := &Journal{Save: func(c *Checkpoint) error { last = c; return nil },
				Restore: func(ctx context.Context, designs []int, take func(int, *Sample)) error {
					for k, i := range designs {
						if err := p.extend(ctx, []int{i}, last.Standings[i].Paths,
							func(_ int, s *Sample) { take(k, s) }); err != nil {
							return err
						}
					}
					return nil
				}}
			p.Journal = journal
			interrupt, looks := errors.New("stopped"), 0
			_, err := Select(context.Background(), p.Problem, func(ctx context.Context, designs []int,
				paths int64, take func(int, *Sample)) error {
				if last != nil && last.Looks == stop {
					looks++
					return interrupt
				}
				return p.extend(ctx, designs, paths, take)
			})
			if looks > 0 && !errors.Is(err, interrupt) {
				t.Fatal(err)
			}
			if last == nil || last.Looks > stop {
				t.Fatalf("%s: no checkpoint after look %d", name, stop)
			}
			journal.From = last
			a, err := Select(context.Background(), p.Problem, p.extend)
			if err != nil || a.Outcome != whole.answer.Outcome || a.Chosen != whole.answer.Chosen ||
				a.Looks != whole.answer.Looks || a.Paths != whole.answer.Paths ||
				a.Nearest != whole.answer.Nearest ||
				!slices.Equal(a.Standings, whole.answer.Standings) {
				t.Errorf("%s after look %d of %d: %+v, whole %+v, %v", name, stop, whole.answer.Looks, a,
					whole.answer, err)
			}
		}
	}
}

// TestBadCheckpoints: a checkpoint of another race is refused, and so is a sample that is not what
// it was.
func TestBadCheckpoints(t *testing.T) {
	p := problems[0].make(1)
	var last *Checkpoint
	p.Journal = &Journal{Save: func(c *Checkpoint) error { last = c; return nil }}
	if _, err := Select(context.Background(), p.Problem, p.extend); err != nil {
		t.Fatal(err)
	}
	p.Journal.Restore = func(_ context.Context, designs []int, take func(int, *Sample)) error {
		for k := range designs {
			take(k, &Sample{Paths: 1})
		}
		return nil
	}
	few := *last
	few.Standings = few.Standings[1:]
	for _, c := range []*Checkpoint{last, &few} {
		p.Journal.From = c
		if a, err := Select(context.Background(), p.Problem, p.extend); err == nil || a != nil {
			t.Errorf("%+v, %v", a, err)
		}
	}
}
