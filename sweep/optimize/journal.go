package optimize

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"budget/internal/parallel"
	"budget/solver/ranking"
)

// Journal keeps what is known of a race, so that one that was interrupted goes on, and ends with
// the same bytes as one that was not.
type Journal struct {
	// State is what Save had last, nil to begin. That of another design is passed over.
	State []byte
	Save  func(state []byte) error
}

// state is what a journal has. What is simulated is a function of it.
type state struct {
	Key        string
	Checkpoint ranking.Checkpoint
	Runs       int64
	Kept       []int64         // paths kept, by unit and then plant of the draws
	Samples    map[int][]int64 // paths of the samples of candidates, by condition
}

// Key identifies a design: its file, the scenario that it is based on, and the code.
func (d *Design) Key() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n", d.digest, d.Base.Digest(), d.Code))
	return hex.EncodeToString(sum[:])
}

// Continues reports whether a state is of the design, so that its race goes on from there.
func (d *Design) Continues(text []byte) bool {
	_, ok := d.stateOf(text)
	return ok
}

// stateOf reads a state, and reports whether it is that of a race of this design.
func (d *Design) stateOf(text []byte) (s state, ok bool) {
	if len(text) == 0 || json.Unmarshal(text, &s) != nil || s.Key != d.Key() {
		return s, false
	}
	return s, s.sound(len(d.Requirements))
}

// sound reports whether a state can be that of a race, whatever its checksum.
func (s *state) sound(requirements int) bool {
	paths := func(n int64) bool { return n >= 0 && n <= MostPaths }
	for _, x := range s.Checkpoint.Standings {
		if x.State < ranking.Open || x.State > ranking.Unsampled || x.Look < 0 || !paths(x.Paths) ||
			min(x.Breaks, x.Binding) < -1 || max(x.Breaks, x.Binding) >= max(requirements, 1) {
			return false
		}
	}
	for _, of := range s.Samples {
		if !allOf(of, paths) {
			return false
		}
	}
	return allOf(s.Kept, paths) && s.Checkpoint.Paths >= 0 && s.Runs >= 0
}

func allOf(list []int64, holds func(int64) bool) bool {
	return !slices.ContainsFunc(list, func(n int64) bool { return !holds(n) })
}

// journal returns that of the race, given what is kept between commands.
func (e *evaluator) journal(j *Journal) *ranking.Journal {
	if j == nil {
		return nil
	}
	out := &ranking.Journal{Save: func(c *ranking.Checkpoint) error {
		s := state{Key: e.Key(), Checkpoint: *c, Runs: e.runs, Samples: map[int][]int64{}}
		for _, g := range e.grown {
			kept := int64(0)
			if g != nil {
				kept = g.Paths()
			}
			s.Kept = append(s.Kept, kept)
		}
		for i := range c.Standings {
			if c.Standings[i].State == ranking.Open {
				s.Samples[i] = e.of[i]
			}
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		return j.Save(text)
	}}
	if s, ok := e.stateOf(j.State); ok && len(s.Kept) == len(e.grown) &&
		len(s.Checkpoint.Standings) == len(e.Candidates) {
		out.From = &s.Checkpoint
		out.Restore = func(ctx context.Context, open []int, take func(int, *ranking.Sample)) error {
			return e.restore(ctx, &s, open, func(k int, sample *sample) {
				take(k, e.ranked(open[k], sample))
			})
		}
	}
	return out
}

// restore simulates again what the samples of some candidates were of, and takes what was kept for
// as good as simulated: it is simulated once it is added to.
func (e *evaluator) restore(ctx context.Context, s *state, open []int,
	take func(k int, s *sample)) error {
	type request struct {
		unit   int
		paths  int64
		places []place
	}
	var requests []request
	for k, i := range open {
		cells := e.Candidates[i].Cells
		if len(s.Samples[i]) != e.conditions(i) {
			return fmt.Errorf("optimize: the journal lacks the paths of design %d", i+1)
		}
		for c, cell := range cells {
			for plant := range e.plants {
				draw := 0
				if e.points != nil {
					draw = slices.IndexFunc(e.plantOf(), func(p int) bool { return p == plant })
				}
				r := request{unit: e.unit[cell.Number]*e.plants + plant,
					paths: s.Samples[i][c*e.draws+draw]}
				n := slices.IndexFunc(requests, func(o request) bool {
					return o.unit == r.unit && o.paths == r.paths
				})
				if n < 0 {
					n = len(requests)
					requests = append(requests, r)
				}
				requests[n].places = append(requests[n].places, place{k, c})
			}
		}
	}
	// A plant grows: samples of fewer paths first.
	slices.SortStableFunc(requests, func(a, b request) int {
		return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.paths, b.paths))
	})
	found := &gathering{evaluator: e, candidates: open, take: func(k int, s *sample) {
		e.remember(open[k], s)
		take(k, s)
	}, samples: make([]*sample, len(open)), missing: make([]int, len(open))}
	workers := parallel.Workers(e.control.Workers)
	for len(requests) > 0 {
		unit := requests[0].unit
		g, err := e.grow(unit)
		if err != nil {
			return err
		}
		for len(requests) > 0 && requests[0].unit == unit {
			r := requests[0]
			requests = requests[1:]
			if p := e.control.Progress; p != nil {
				p.Planned.Add(r.paths - g.Paths())
				p.Paths.Add(r.paths - g.Paths())
			}
			if err := e.pass(ctx, g, open, r.places, r.paths, workers, found.add); err != nil {
				return err
			}
		}
		e.grown[unit] = g
	}
	for unit, kept := range s.Kept {
		switch g := e.grown[unit]; {
		case kept == 0:
			e.grown[unit] = nil
		case g == nil:
			var err error
			if e.grown[unit], err = e.grow(unit); err != nil {
				return err
			}
			fallthrough
		default:
			e.grown[unit].kept = kept
		}
	}
	e.runs = s.Runs
	return nil
}
