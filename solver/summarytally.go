package solver

import (
	"context"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// summariesOfTallies makes the summaries of Summaries from ledgers, which take the same
// room for any number of paths and more time for any number of programs.
func summariesOfTallies(ctx context.Context, programs []*Program, s Settings, paths int64, at []int, take func(i int, s *Summary)) error {
	var books []*endings
	var answers []*Answer
	for _, p := range programs {
		answers = append(answers, newAnswer(p, s, &books))
	}
	sim := newSimulation(s, books)
	if s.Progress != nil {
		s.Progress.Planned.Store(paths)
	}
	if err := sim.extend(ctx, paths, programs[0].steps); err != nil {
		return err
	}
	for i, a := range answers {
		a.conclude(sim, Question{Confidence: 0.95, Family: 1}, nil, 1, s.workers())
		a.tally(sim, AsUsed, s.workers())
		summary := &Summary{Paths: a.paths}
		for r := range a.read {
			if r > 0 && a.read[r].book == a.read[r-1].book {
				summary.Readings = append(summary.Readings, summary.Readings[r-1])
				continue
			}
			summary.Readings = append(summary.Readings, a.summary(sim, r, at))
		}
		take(i, summary)
		a.forget()
		a.read[0].endings.release()
	}
	return nil
}

// summary reads the summary under a reading off an answer.
func (a *Answer) summary(sim *simulation, r int, at []int) ReadingSummary {
	var summary ReadingSummary
	for i := range a.read[r].tallies[Meaning].times() {
		summary.Failure = append(summary.Failure, a.moments(r, Meaning, slotSum, i))
		summary.Resigned = append(summary.Resigned, a.probability(r, Meaning, int(model.Resigned), i))
		summary.Binding = append(summary.Binding, a.binding(r, i))
	}
	for slot := range slots {
		var ended []estimate.Moments
		for _, i := range at {
			ended = append(ended, a.moments(r, AsUsed, slot, i))
		}
		summary.Ended = append(summary.Ended, ended)
	}
	for _, i := range at {
		summary.Nets = append(summary.Nets, sim.netMeans(a.read[r].book, i))
	}
	return summary
}

// netMeans returns the mean failure weight of every net up to the i-th duration.
func (s *simulation) netMeans(b, i int) []float64 {
	e := s.endings[b]
	means := make([]float64, nets)
	var f folder
	last := s.plant.First + i
	f.prepare(e, e.table(Meaning), Meaning, s.times(), i, min(last, max(e.alive(), s.plant.First)))
	f.first = f.last - f.offset
	for sheet := range sheets {
		f.sheets = f.sheets[:0]
		f.add(s.ledger(&f.rooms[0], sheet, b, s.plant.Steps, s.plant.Steps))
		s.fold(&f.folding)
		for n, x := range f.sheets[0].cum[slotSum] {
			means[n*sheets+sheet] = min(max(x, 0), 1)
			if f.sheets[0].scale[n] == 0 {
				means[n*sheets+sheet] = math.NaN()
			}
		}
	}
	return slices.Clip(means)
}
