package incidence

import (
	"slices"

	"budget/solver/histories"
	"budget/solver/plant"
)

// Estimator says how a path counts.
type Estimator string

const (
	// Weights: a path carries its survival probability and books expected ends.
	Weights Estimator = "weights"
	// Counts: a path ends once, at random (0/1 events).
	Counts Estimator = "counts"
)

// Sampling returns the sampling used with an estimator if s is requested. Counts are
// always independent, since a binomial interval needs independent paths. For weights ""
// means Tilted.
func (e Estimator) Sampling(s plant.Sampling) plant.Sampling {
	switch {
	case e == Counts:
		return plant.Independent
	case s == "":
		return plant.Tilted
	}
	return s
}

// Account sums the ends of paths under several rules. Goroutines may add paths in any
// order, with the same result.
//
// Paths come in segments that are followed to the same end: long sessions may need fewer
// paths than short ones.
type Account struct {
	rules    []*Rules
	law      law
	tilted   bool // paths have different weights
	segments []*segment
	batch    *batchKernel
	alive    int // of an account without rules: see Alive
}

// implementation is the functions for summing paths with a vector width.
type implementation struct {
	fold  func(*folding)
	batch *batchKernel
}

// byKernel are the implementations by the name of the kernel of package plant.
var byKernel = map[string]implementation{"portable": {foldPortable, &batchPortable}}

// NewAccount returns an empty account for rules on one plant. s is the sampler of the
// paths; kernel, one of plant.Kernels, selects the vectors. With keepAll all histories
// are kept in memory, as batches need.
func NewAccount(rules []*Rules, e Estimator, s plant.Sampler, tilted bool, kernel string,
	keepAll bool) *Account {
	on := byKernel[kernel]
	a := &Account{rules: rules, law: newWeights(rules, on.fold, keepAll), tilted: tilted,
		batch: on.batch}
	if e == Counts {
		a.law = newCounts(rules, s)
	}
	return a
}

// NewHistories returns an empty account without rules, which keeps every history for the rules
// that come later (Under); their sessions must end within a number of steps. The other arguments
// are those of NewAccount.
func NewHistories(s plant.Sampler, tilted bool, kernel string, steps int) *Account {
	a := NewAccount(nil, Weights, s, tilted, kernel, true)
	a.alive = steps
	return a
}

// Under returns an account of the same paths under other rules on their plant. The account must
// be one of NewHistories, to which no more paths are added.
func (a *Account) Under(rules []*Rules) *Account {
	law := newWeights(rules, a.law.(*weights).fold, true)
	b := &Account{rules: rules, law: law, tilted: a.tilted, batch: a.batch}
	for _, from := range a.segments {
		g := &segment{end: from.end, steps: from.steps}
		for i := range g.groups {
			g.groups[i].points = from.groups[i].points
			g.groups[i].book = from.groups[i].book.(*weighing).under(rules, g)
		}
		b.segments = append(b.segments, g)
	}
	return b
}

// AppendTo appends the histories of an account of NewHistories to bytes, which Read reads.
func (a *Account) AppendTo(to []byte) []byte {
	for _, b := range a.histories() {
		for n := range b.records {
			to = b.records[n].AppendTo(to, b.steps())
		}
	}
	return to
}

// Read adds the histories that AppendTo appended to bytes. The account must be one of NewHistories,
// on the same plant and with an open segment. If the bytes are something else, it returns an error
// and the account must not be used any more.
func (a *Account) Read(from []byte) error {
	g := a.segments[0]
	for i, b := range a.histories() {
		for n := range b.records {
			r, rest, err := histories.ReadRecord(from, b.steps())
			if err != nil {
				return err
			}
			g.groups[i].points[n] += r.Paths()
			b.records[n].Join(r)
			from = rest
		}
	}
	if len(from) > 0 {
		return histories.ErrRecord
	}
	return nil
}

// Join adds the paths of another account, which must not be used any more. Both must be of
// NewHistories, on the same plant and followed to the same end.
func (a *Account) Join(o *Account) {
	to, from := a.histories(), o.histories()
	for i, b := range to {
		for n := range b.records {
			a.segments[0].groups[i].points[n] += o.segments[0].groups[i].points[n]
			b.records[n].Join(&from[i].records[n])
		}
	}
}

// histories returns the books of the account's only segment, which keep histories, by group.
func (a *Account) histories() (all [groups]*weighing) {
	for i := range all {
		all[i] = a.segments[0].groups[i].book.(*weighing)
	}
	return all
}

// Alive returns the last step that any path can reach before its grant is used up.
func (a *Account) Alive() int { return max(a.alive, Alive(a.rules)) }

// Alive returns the last step that a path can reach under any of some rules before its grant is
// used up.
func Alive(rules []*Rules) int {
	alive := 0
	for _, r := range rules {
		alive = max(alive, r.alive())
	}
	return alive
}

// Open opens a segment for paths followed up to the time with index end and returns the
// number of steps to follow them.
func (a *Account) Open(end int) (steps int) {
	g := &segment{end: end, steps: min(end, a.Alive())}
	if n := len(a.segments); n > 0 && a.segments[n-1].end == end {
		return g.steps
	}
	for i := range g.groups {
		g.groups[i].book = a.law.book(g)
	}
	a.segments = append(a.segments, g)
	return g.steps
}

// Add books the history of a path in the segment opened last.
func (a *Account) Add(path uint64, h *plant.History) {
	n := int(path % replicates)
	group := &a.segments[len(a.segments)-1].groups[n%groups]
	group.Lock()
	defer group.Unlock()
	group.points[n/groups]++
	group.book.add(path, h, n/groups)
}

// Paths returns the number of paths booked.
func (a *Account) Paths() int64 { return paths(a.segments) }

// ends returns the ends of the segments, the last one first.
func (a *Account) ends() []int {
	var ends []int
	for _, g := range a.segments {
		ends = append(ends, g.end)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.Reverse(ends)
	return ends
}

// reaching returns the segments that end at or after the time with index end.
func (a *Account) reaching(end int) (on []*segment) {
	for _, g := range a.segments {
		if g.end >= end {
			on = append(on, g)
		}
	}
	return on
}

func (a *Account) newTally(number int, v View) *Tally {
	times := a.rules[0].times()
	return &Tally{sums: a.law.sums(times), rules: a.rules[number], number: number,
		view: v, tilted: a.tilted,
		paths: make([]int64, times), blocks: make([]int64, times), started: make([]int64, times)}
}

// tally reads the paths in a view, under the rules with index number. The times between
// two ends are read from the segments that reach the later one. A link joins the curves
// where some paths stop being followed.
func (a *Account) tally(number int, v View, spread Spread) *Tally {
	t := a.newTally(number, v)
	ends, start := a.ends(), t.rules.first
	var on []*Tally // the paths followed beyond each link
	for j, end := range ends {
		if j+1 == len(ends) {
			a.law.read(t, a.reaching(end), 0, end, spread)
			break
		}
		// Only the first segments are followed beyond the end of the next ones. They
		// are read from that time on, because the link needs it, and booked after it.
		part, link := a.newTally(number, v), ends[j+1]-start
		a.law.read(part, a.reaching(end), link, end, spread)
		copy(t.paths[link+1:end-start+1], part.paths[link+1:])
		copy(t.blocks[link+1:end-start+1], part.blocks[link+1:])
		copy(t.started[link+1:end-start+1], part.started[link+1:])
		for slot := range slots {
			t.take(part.sums, t.at(slot, link+1), t.at(slot, end-start)+1)
		}
		on = append(on, part)
	}
	for j := len(on) - 1; j >= 0; j-- {
		i := ends[j+1] - start
		t.chain = t.chain.join(i, func(slot int) float64 { return t.mean(t, slot, i) },
			func(slot int) float64 { return on[j].mean(on[j], slot, i) })
	}
	return t
}
