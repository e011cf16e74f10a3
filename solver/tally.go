package solver

import (
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// Estimator is how a path counts.
type Estimator string

const (
	// Weights lets a path carry its survival and book expected ends.
	Weights Estimator = "weights"
	// Counts lets a path end once, by chance: 0/1 events.
	Counts Estimator = "counts"
)

// slots is the number of series of a view: one for each cause that ends a
// session, and one for their sum: in the view AsUsed of all, in the view Meaning
// of the failure causes.
const slots = int(model.Completed) + 1

const slotSum = int(model.Completed)

// Tally holds the results of paths: for every reading, view, series and time a
// cumulative sum that is exact, so that tallies merge in any order with the same
// bytes. Its size does not depend on the number of paths.
//
// Paths may be followed to different ends (Program.Answer stops following them
// where every cap is decided), so each time has its own number of paths.
type Tally struct {
	paths, blocks []int64             // followed to each time
	weights       []estimate.BlockSum // cumulative up to each time
	counts        []int64             // events up to each time
}

func newTally(readings, times int, e Estimator) *Tally {
	t := &Tally{paths: make([]int64, times), blocks: make([]int64, times)}
	n := readings * numViews * slots * times
	switch e {
	case Weights:
		t.weights = make([]estimate.BlockSum, n)
	case Counts:
		t.counts = make([]int64, n)
	default:
		panic(fmt.Sprintf("solver: unknown estimator %q", e))
	}
	return t
}

func (t *Tally) times() int { return len(t.paths) }

// at returns the place of a series at a time.
func (t *Tally) at(reading int, v View, slot, i int) int {
	return ((reading*numViews+int(v))*slots+slot)*t.times() + i
}

// Merge adds another tally of the same program and settings.
func (t *Tally) Merge(o *Tally) {
	for i := range t.paths {
		t.paths[i] += o.paths[i]
		t.blocks[i] += o.blocks[i]
	}
	for i := range t.weights {
		t.weights[i].Merge(o.weights[i])
	}
	for i := range t.counts {
		t.counts[i] += o.counts[i]
	}
}

// follow counts a block of n paths followed up to the time with index end of the
// program's steps.
func (t *Tally) follow(p *Program, n int64, end int) {
	for i := range t.paths[:end-p.first+1] {
		t.paths[i] += n
		t.blocks[i]++
	}
}

// fold books a block of n paths under a reading in a view: at every time it adds
// the thresholds' ends, then what the hazards of the step take up to the next,
// up to the time with index end.
func (t *Tally) fold(p *Program, b *block, table *survivalTable, failures []model.Cause, reading int, v View, n int64, end int) {
	var cum [slots]float64
	cum[model.Refused] = b.refused
	var untouched int64
	for k := 0; ; k++ {
		for i, cause := range thresholds {
			cum[cause] += b.ended[i][k] * table.phi[k]
		}
		if k >= p.first {
			cum[slotSum] = 0
			if v == AsUsed {
				for _, x := range cum[:slotSum] {
					cum[slotSum] += x
				}
			} else {
				for _, cause := range failures {
					cum[slotSum] += cum[cause]
				}
			}
			for slot, x := range cum {
				if x > 0 {
					t.weights[t.at(reading, v, slot, k-p.first)].Add(min(x, float64(n)), n)
				}
			}
		}
		if k == end {
			return
		}
		untouched += b.untouched[k]
		sum := float64(untouched) * table.exposed[0][k]
		cum[model.Resigned] += float64(untouched) * table.resign[0][k]
		for c, held := range b.held {
			if !b.touched[c] || held[k] == 0 {
				continue
			}
			exposed := held[k] * table.exposed[c][k]
			sum += exposed
			cum[model.Resigned] += held[k] * table.resign[c][k]
			cum[model.SuppressedThermal] += p.classes[c].thermal * exposed
			cum[model.SuppressedBattery] += p.classes[c].battery * exposed
		}
		cum[model.SuppressedOther] += float64(p.scenario.Policy.SuppressBase) * sum
		cum[model.Errored] += float64(p.scenario.Policy.ErrorBase) * sum
		cum[model.Stopped] += table.stop * sum
	}
}

// event books a 0/1 event into the events of a block, which stand at their times
// and are laid out like counts; those before the first time stand at it.
func (t *Tally) event(p *Program, events []int64, e event, failures []model.Cause, reading int, v View) {
	if e.cause == model.Completed {
		return
	}
	i := max(e.index-p.first, 0)
	events[t.at(reading, v, int(e.cause), i)]++
	if v == AsUsed || slices.Contains(failures, e.cause) {
		events[t.at(reading, v, slotSum, i)]++
	}
}

// count books the events of a block up to the time with index end, and clears
// them.
func (t *Tally) count(p *Program, events []int64, end int) {
	for at := 0; at < len(events); at += t.times() {
		sum := int64(0)
		for i, n := range events[at : at+end-p.first+1] {
			sum += n
			t.counts[at+i] += sum
		}
	}
	clear(events)
}

// largest returns the largest weight that a path not yet seen could carry in a
// series at time s [s]: for causes that are hazards alone, what the hazard at its
// highest takes; for thresholds and refusals, all of a path. Where a hazard is
// off it still returns 1, so that no zero is printed as if it were certain.
func (p *Program) largest(v View, slot int, s float64) float64 {
	policy := &p.scenario.Policy
	rate := 0.0
	switch {
	case slot == int(model.SuppressedOther):
		rate = float64(policy.SuppressBase)
	case slot == int(model.SuppressedThermal):
		rate = float64(max(policy.SuppressSerious, policy.SuppressCritical))
	case slot == int(model.SuppressedBattery):
		rate = float64(max(policy.SuppressLow, policy.SuppressVeryLow) + policy.SuppressLPM)
	case slot == int(model.Stopped) && v == AsUsed:
		rate = float64(p.session.Stop)
	case slot == int(model.Resigned):
		a := float64(p.scenario.Population.FrailtyShape)
		rate = a * math.Log1p(float64(p.session.Resign)*s/a) / s
	}
	if rate <= 0 {
		return 1
	}
	return -math.Expm1(-rate * s)
}
