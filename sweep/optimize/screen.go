package optimize

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"budget/sweep"
)

// MostRaced is the largest number of candidates that race as they are. Of more, a sample is
// screened.
const MostRaced = 1000

// How candidates are screened.
const (
	screenSample  = 256     // candidates that fill the space
	screenPaths   = 1 << 10 // of each candidate
	screenLeaders = 4       // around which the mesh is refined
	mostScreened  = MostRaced
	screenSeed    = 0x5c4ee7 // apart from the seed of the race
)

// Screening says what became of a space of candidates too large to race.
type Screening struct {
	Of      int // candidates of the file
	Sampled int // that fill the space; the others that race are near the leaders
	Runs    int64
}

// screen chooses the candidates that race, by simulations of other random numbers than the race
// has: what the race says of them is then independent of how they were chosen. It evaluates a
// sample that fills the space, and then, around the leaders, candidates that differ in one knob by
// a step that is halved from round to round, until none is new.
func (d *Design) screen(ctx context.Context, control sweep.Control) (*Design, *Screening, error) {
	other := *d.Plan
	other.Seed ^= screenSeed
	on := *d
	on.Plan = &other
	e, err := newEvaluator(&on, control)
	if err != nil {
		return nil, nil, err
	}
	s := &screening{evaluator: e, at: map[string]int{}, seen: map[int]*rank{}}
	for i := range d.Candidates {
		s.at[s.key(d.levelsOf(i))] = i
	}
	if err := s.evaluate(ctx, s.sample()); err != nil {
		return nil, nil, err
	}
	sampled := len(s.seen)
	for mesh := 4; len(s.seen) < mostScreened; mesh *= 2 {
		around, finest := s.around(mesh)
		if len(around) == 0 && finest {
			break
		}
		if err := s.evaluate(ctx, around[:min(len(around), mostScreened-len(s.seen))]); err != nil {
			return nil, nil, err
		}
	}
	raced := *d
	raced.Candidates = nil
	for i := range d.Candidates {
		if s.seen[i] != nil {
			raced.Candidates = append(raced.Candidates, d.Candidates[i])
		}
	}
	return &raced, &Screening{Of: len(d.Candidates), Sampled: sampled, Runs: e.runs}, nil
}

// rank orders candidates that were evaluated: by how much they exceed a requirement, then by worth.
type rank struct{ excess, worth float64 }

// screening is the state of a screening.
type screening struct {
	*evaluator
	at   map[string]int // candidates by the levels of their knobs
	seen map[int]*rank  // what was evaluated
}

// levelsOf returns the levels of the knobs of a candidate.
func (d *Design) levelsOf(i int) (levels []int) {
	for _, axis := range d.Knobs {
		levels = append(levels, d.Candidates[i].Cells[0].Level(axis))
	}
	return levels
}

func (s *screening) key(levels []int) string { return fmt.Sprint(levels) }

// sample returns candidates that fill the space of the knobs: a Kronecker sequence by the powers
// of 1/φ, where φ^(k+1) = φ + 1 for k knobs (Roberts 2018). Excluded combinations are passed over.
func (s *screening) sample() (all []int) {
	phi := 2.0
	for range 60 {
		phi = math.Pow(1+phi, 1/float64(len(s.Knobs)+1))
	}
	chosen := map[int]bool{}
	for n := 1; n <= 100*screenSample && len(all) < screenSample; n++ {
		levels := make([]int, len(s.Knobs))
		for k, axis := range s.Knobs {
			_, part := math.Modf(0.5 + float64(n)*math.Pow(phi, -float64(k+1)))
			levels[k] = int(part * float64(len(s.Axes[axis].Levels)))
		}
		if i, ok := s.at[s.key(levels)]; ok && !chosen[i] {
			chosen[i] = true
			all = append(all, i)
		}
	}
	return all
}

// around returns candidates that were not evaluated and differ from a leader in one knob: by a part
// of its levels, or, of words, in any way. finest reports whether all steps are of one level.
func (s *screening) around(mesh int) (all []int, finest bool) {
	finest = true
	for _, leader := range s.leaders() {
		levels := s.levelsOf(leader)
		for k, axis := range s.Knobs {
			n := len(s.Axes[axis].Levels)
			step := max(n/mesh, 1)
			ordered := len(s.Axes[axis].Columns) == 1 && s.Axes[axis].Columns[0].Number
			finest = finest && (step == 1 || !ordered)
			for level := range n {
				if away := level - levels[k]; ordered && away != step && away != -step {
					continue
				}
				other := slices.Clone(levels)
				other[k] = level
				if i, ok := s.at[s.key(other)]; ok && s.seen[i] == nil && !slices.Contains(all, i) {
					all = append(all, i)
				}
			}
		}
	}
	return all, finest
}

// leaders returns the best that were evaluated.
func (s *screening) leaders() []int {
	var all []int
	for i := range s.seen {
		all = append(all, i)
	}
	slices.SortFunc(all, func(a, b int) int {
		x, y := s.seen[a], s.seen[b]
		return cmp.Or(cmp.Compare(x.excess, y.excess), cmp.Compare(y.worth, x.worth), cmp.Compare(a, b))
	})
	return all[:min(len(all), screenLeaders)]
}

// evaluate simulates some candidates.
func (s *screening) evaluate(ctx context.Context, candidates []int) error {
	found := make([]*Found, len(candidates))
	if err := s.each(ctx, candidates, min(screenPaths, s.Paths), func(k int, of *sample) {
		found[k] = s.found(candidates[k], of)
	}); err != nil {
		return err
	}
	for k, i := range candidates {
		r := &rank{worth: found[k].Worth.Value}
		for n, q := range s.Requirements {
			r.excess = max(r.excess, found[k].Shares[n].Value/q.Most)
		}
		if r.excess <= 1 {
			r.excess = 0
		}
		s.seen[i] = r
	}
	return nil
}
