package incidence

import (
	"cmp"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/plant"
	"budget/solver/random"
)

// A batch evaluates the paths of a timeline under up to eight rules at the same time. A lane
// is one of the rules and does not depend on the others.
//
// It advances by stretches of time, one replicate after the other. The held amount, the mean Σ
// E of the paths in a row (see exposure), is the same in both views. For Meaning the failure
// of each replicate is updated at every step, since the spread of replicates is needed at
// every duration. For AsUsed replicates are needed at few durations only: when an amount
// enters a row, the part that hazards take of it up to the end of the stretch is added at
// once. The causes of Meaning are needed only as sums over all replicates, which are followed
// like one replicate, once among all sessions and once among those that start.
type batch struct {
	*batchMemory
	timeline *timeline
	rules    []*Rules      // one to eight
	counted  [slotAll]bool // causes that count as failure
	prompts  bool          // the prompt takes the front under some rules
	at       []int         // indices of the durations for the view AsUsed
	first    int           // index of the time of the shortest duration
	alive    [lanes]int
	last     int // index of the last time at which anything happens

	coarseFactor           [conditions][]perLane // survival of n·coarse steps, by row
	share                  []perLane             // E of a path when it entered its row
	left                   []perLane             // part of a path not refused at the start, by kind
	paths                  [replicates][]perLane // those of a replicate
	from, to               int                   // times of the stretch: its steps are from, …, to−1
	changed                [replicates]int       // changes done
	expired                [replicates]int       // expiries and prompts done
	movedRows, emptiedRows [stretch + 1]uint32   // of a replicate, by time of the stretch, as bits
	live                   []uint8               // rows with paths of a replicate

	grants, expiredBy []grant              // of the rules, and those of expiries
	promptedBy        bool                 // whether these have prompts
	expiries          [replicates][]expiry // in the order of time, and prompts after others
	found             []expiry             // room
	places            []int32              // room, by time
	frailties         [lanes]*frailty

	refused    blockMeans
	failed     []blockMeans              // by duration
	unfinished []blockMeans              // ended by any cause (Meaning), by durations asked for
	started    [lanes]int64              // replicates with sessions that start
	ended      [][slotAll + 1]blockMeans // by durations asked for and series
	means      [][replicates]perLane     // failure by durations asked for
	causes     []causeSums               // by time of the stretch: sums up to it (Meaning)
}

// perLane holds a number for each of the rules.
type perLane = [lanes]float64

// batchMemory is the part without pointers: see vectorMemory.
type batchMemory struct {
	state [replicates]replicateState
	total [among]totalState

	// By row.
	factor, further, failing [conditions]perLane
	own                      [model.Completed][conditions]perLane // by place in hazards.own
	// exposure left at the nodes, times their weights
	atNodes    [numViews][conditions][gauss]perLane
	fineFactor [conditions][coarse]perLane // what n steps leave
	// The same in all rows: shared hazards by cause, their sums, the sum of all hazards where
	// it is greatest, and whether the frail one makes a failure (1 or 0).
	same               [model.Completed]perLane
	eta                [numViews]perLane
	fastest, resigning perLane

	power [numViews]perLane // exp(−η t) at the time that tabulate has come to

	// By step of the stretch, then by row.
	common [numViews][stretch]perLane // φ without the frailty, 0 where nothing is left
	// φ's other factor at the nodes, and that times the hazard of resigning
	frail, ratio [stretch][gauss]perLane
	exposed      [numViews][stretch + 1][conditions]perLane
	resigned     [numViews][stretch + 1][conditions]perLane
	taken        [stretch][conditions]perLane // of what is held, by failures

	// By time of the stretch, the first being from, then by row.
	phi     [numViews][stretch + 1]perLane
	entered [among][stretch + 1][ends + len(sudden)]perLane // in all replicates

	moved  [stretch + 1][ends + len(sudden)]perLane // of a replicate, into rows: exact sums
	counts [len(sudden)]perLane                     // by sudden cause: 1 for a failure, else 0
	takes  [len(sudden)]perLane                     // and what it takes of a path

	masks [1 << lanes]perLane // 1 in the lanes that are set, 0 in all others
}

// replicateState is how far a replicate is.
type replicateState struct {
	held, exposed, resigned [conditions]perLane // by row; the last two as people use the app
	ended                   [len(sudden)]perLane
	refused, failed         perLane
	// What makes an incidence one of the sessions that start, and whether any do (1 or 0); where
	// refusals are failures, of all.
	given, starts perLane
}

// totalState is how far the sum of the replicates is.
type totalState struct {
	held   [conditions]perLane
	causes [slotAll]perLane
}

// Sums of the replicates are among all sessions, or among those that start, each replicate as
// replicateState.given makes it. Causes rank by the first, as those of tallies do: the second
// give more weight to replicates with more refusals, so causes that are nearly as frequent as
// each other may rank otherwise.
const (
	amongAll = iota
	amongStarting
	among
)

// causeSums holds the sums of the replicates by cause.
type causeSums = [among][slotAll]perLane

// blockMeans is estimate.BlockMeans by lane.
type blockMeans struct{ sum, high, low perLane }

func (b *blockMeans) lane(i int) estimate.BlockMeans {
	return estimate.BlockMeans{Sum: b.sum[i], High: b.high[i], Low: b.low[i]}
}

// coarse is the number of steps from one entry of coarseFactor to the next.
const coarse = 32

// Adding and then subtracting roundUnit rounds to units of exposures.
const roundUnit = 0x1.8p16

// grant describes how a grant is used up, for the rules that share it.
type grant struct {
	*Rules
	alive int   // index of the latest time at which it is used up
	lanes uint8 // as bits
}

// expiry is the time at which a path's grant is used up, or at which the prompt takes
// its share, in some lanes.
type expiry struct {
	time, since int32 // indices of times, of the expiry and of the change before it
	path        int32
	row, to     uint8 // rows
	lanes       uint8
}

// frailty is the factor of φ that is due to the frailty, for a resign hazard and a
// shape, at times and at the nodes of steps.
type frailty struct {
	rho, shape   float64
	at           []float64
	frail, ratio [][gauss]float64
}

func newBatch(t *timeline, steps int, at []int) *batch {
	b := &batch{batchMemory: new(batchMemory), timeline: t, at: at}
	n := 0
	for i := range t.replicates {
		n += len(t.replicates[i].paths)
	}
	b.share = make([]perLane, n)
	b.left = make([]perLane, len(t.kinds))
	n = 0
	for i := range t.replicates {
		b.paths[i] = b.share[n : n+len(t.replicates[i].paths)]
		n += len(t.replicates[i].paths)
	}
	b.places = make([]int32, steps+2)
	for set := range b.masks {
		for lane := range lanes {
			b.masks[set][lane] = float64(set >> lane & 1)
		}
	}
	b.ended = make([][slotAll + 1]blockMeans, len(at))
	b.unfinished = make([]blockMeans, len(at))
	b.means = make([][replicates]perLane, len(at))
	b.causes = make([]causeSums, stretch+1)
	return b
}

// run evaluates the paths under up to eight rules of one plant and passes the
// causes, summed over all replicates, to causes at every duration.
func (b *batch) run(e []*Rules, k *batchKernel, causes func(i int, causes *causeSums)) {
	b.prepare(e)
	b.begin()
	next := 0 // index into b.at
	for b.from, b.to = -1, 0; ; {
		b.tabulate(k)
		for n := range replicates {
			if b.timeline.replicates[n].scale > 0 {
				b.live = b.timeline.replicates[n].live(b.live[:0], b.from)
				k.follow(b, n)
			}
		}
		for of := range b.total {
			b.followTotal(of)
		}
		for time := max(b.from+1, b.first); time <= b.to; time++ {
			causes(time-b.first, &b.causes[time-b.from])
		}
		if next < len(b.at) && b.to == b.at[next]+b.first {
			b.used(next)
			next++
		}
		if b.to == b.last {
			break
		}
		b.from = b.to
		b.to = min(b.from/stretch*stretch+stretch, b.last)
		if next < len(b.at) {
			b.to = min(b.to, b.at[next]+b.first)
		}
	}
	for ; next < len(b.at); next++ { // nothing changes any more
		b.used(next)
	}
}

// prepare prepares the batch for rules.
func (b *batch) prepare(e []*Rules) {
	b.rules = e
	b.first, b.last = e[0].first, e[0].first
	b.grants = b.grants[:0]
	b.counted, b.prompts = [slotAll]bool{}, false
	for _, cause := range e[0].failures {
		b.counted[cause] = true
	}
	for lane := range lanes {
		e := b.lane(lane)
		b.takes[rowExpired-ends][lane], b.takes[rowPrompted-ends][lane] = 1, e.prompt
		b.prompts = b.prompts || e.prompt > 0
		b.last = max(b.last, e.alive())
		for cause, rate := range e.same {
			b.same[cause][lane] = rate
		}
		b.resigning[lane] = oneIf(b.counted[e.frail])
		for i, cause := range sudden {
			b.counts[i][lane] = oneIf(b.counted[cause])
		}
		g := slices.IndexFunc(b.grants, func(g grant) bool { return g.compareGrants(e) == 0 })
		if g < 0 {
			g = len(b.grants)
			b.grants = append(b.grants, grant{e, e.alive(), 0})
		}
		b.grants[g].lanes |= 1 << lane

		for v := range numViews {
			b.eta[v][lane] = e.eta(View(v))
		}
		b.alive[lane] = e.alive()
		b.fastest[lane] = 0
		for row, code := range b.timeline.conditions {
			class := e.classOf[code]
			for i, rate := range e.classes[class].own {
				b.own[i][row][lane] = rate
			}
			b.further[row][lane] = e.classes[class].total
			b.fastest[lane] = max(b.fastest[lane], b.further[row][lane])
			failing := 0.0
			for cause, rate := range e.rates(Meaning, class) {
				if b.counted[cause] {
					failing += rate
				}
			}
			b.failing[row][lane] = failing
			for v := range numViews {
				rate := b.eta[v][lane] + b.further[row][lane]
				for j, x := range gaussNodes {
					b.atNodes[v][row][j][lane] = gaussWeights[j] * e.step * random.Exp(-rate*x*e.step)
				}
			}
		}
		b.fastest[lane] += b.eta[AsUsed][lane] + e.rho
		b.frailties[lane] = b.frailty(e)
	}
	for row := range b.timeline.conditions {
		if len(b.coarseFactor[row]) <= b.last/coarse {
			b.coarseFactor[row] = make([]perLane, b.last/coarse+1)
		}
		for lane, rate := range b.further[row] {
			if lane == len(e) {
				break
			}
			for n := range b.fineFactor[row] {
				b.fineFactor[row][n][lane] = random.Exp(-rate * e[0].step * float64(n))
			}
			for n := range b.coarseFactor[row] {
				b.coarseFactor[row][n][lane] = random.Exp(-rate * e[0].step * float64(n*coarse))
			}
		}
		b.factor[row] = b.fineFactor[row][1]
	}

	if times := b.last - b.first + 1; cap(b.failed) < times {
		b.failed = make([]blockMeans, times)
	} else {
		b.failed = b.failed[:times]
		clear(b.failed)
	}
	clear(b.ended)
	clear(b.unfinished)
	b.refused, b.started = blockMeans{}, [lanes]int64{}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// compareGrants orders rules by how grants are used up; 0 means in the same way.
func (r *Rules) compareGrants(o *Rules) int {
	return cmp.Or(cmp.Compare(r.Session.Limit, o.Session.Limit), slices.Compare(r.rate[:], o.rate[:]))
}

// frailty returns the frailty of rules. Rules may share it.
func (b *batch) frailty(e *Rules) *frailty {
	rho, a := e.rho, e.Frailty
	for _, f := range b.frailties {
		if f != nil && f.rho == rho && f.shape == a {
			return f
		}
	}
	f := &frailty{rho: rho, shape: a, at: make([]float64, e.steps+1),
		frail: make([][gauss]float64, e.steps), ratio: make([][gauss]float64, e.steps)}
	for k := range f.at {
		f.at[k] = e.outlasting(float64(k) * e.step)
	}
	for k := range f.frail {
		for j, x := range gaussNodes {
			at := (float64(k) + x) * e.step
			f.frail[k][j] = e.outlasting(at)
			f.ratio[k][j] = f.frail[k][j] * rho / (1 + rho*at/a)
		}
	}
	return f
}

// lane returns the rules of a lane. Spare lanes repeat the last rules.
func (b *batch) lane(lane int) *Rules { return b.rules[min(lane, len(b.rules)-1)] }

// begin puts all paths into their first rows and finds when grants are used up.
func (b *batch) begin() {
	for k, kind := range b.timeline.kinds {
		for lane := range lanes {
			b.left[k][lane] = kind.weight - kind.weight*b.lane(lane).refused(kind.Start)
		}
	}
	b.state = [replicates]replicateState{}
	b.total = [among]totalState{}
	b.changed, b.expired = [replicates]int{}, [replicates]int{}
	for n := range replicates {
		b.enter(n)
	}
	same := func(a, b grant) bool { return a.lanes == b.lanes && a.compareGrants(b.Rules) == 0 }
	if b.promptedBy == b.prompts && slices.EqualFunc(b.expiredBy, b.grants, same) {
		return // nothing has changed
	}
	b.expiredBy, b.promptedBy = append(b.expiredBy[:0], b.grants...), b.prompts
	for n := range replicates {
		b.expire(n)
	}
}

// enter puts the paths of a replicate into their first rows.
func (b *batch) enter(n int) {
	replicate, s := &b.timeline.replicates[n], &b.state[n]
	for i, k := range replicate.kinds {
		b.paths[n][i] = b.left[k]
	}
	for lane := range lanes {
		refused := int64(0)
		var held [conditions]int64
		for k, counts := range replicate.starts {
			left := fixed(b.left[k][lane])
			for row := range b.timeline.conditions {
				held[row] += counts[row] * left
				refused += counts[row] * fixed(b.timeline.kinds[k].weight-b.left[k][lane])
			}
		}
		started := replicate.weight - refused
		if b.counted[model.Refused] {
			started = replicate.weight
		}
		if started > 0 {
			s.given[lane], s.starts[lane] = float64(replicate.weight)/float64(started), 1
			b.started[lane]++
		}
		for row := range b.timeline.conditions {
			s.held[row][lane] = float64(held[row]) / unit * replicate.scale
			b.total[amongAll].held[row][lane] += s.held[row][lane]
			b.total[amongStarting].held[row][lane] += s.held[row][lane] * s.given[lane]
		}
		s.refused[lane] = float64(refused) / unit * replicate.scale
		for of := range b.total {
			b.total[of].causes[model.Refused][lane] += s.refused[lane]
		}
		if replicate.weight > 0 {
			b.refused.add(lane, s.refused[lane])
		}
	}
	if b.counted[model.Refused] {
		s.failed = s.refused
	}
}

// expire finds when the grants of a replicate's paths are used up and when the prompt
// comes.
func (b *batch) expire(n int) {
	paths := b.timeline.replicates[n].paths
	b.found = b.found[:0]
	clear(b.places)
	for i := range paths {
		p := &paths[i]
		first := len(b.found)
	grants:
		for _, g := range b.grants {
			if g.Session.Limit == 0 {
				continue
			}
			time := g.expiry(p)
			if time > g.alive || time > p.End || time == p.End && !p.AfterGrant {
				continue
			}
			for j := range b.found[first:] {
				if x := &b.found[first+j]; int(x.time) == time {
					x.lanes |= g.lanes
					continue grants
				}
			}
			b.find(p, i, time, rowExpired, g.lanes)
		}
		if !b.prompts {
			continue
		}
		if poll := promptOf(p, p.End+1); poll < p.End || poll == p.End && p.AfterGrant {
			b.find(p, i, poll, rowPrompted, 1<<lanes-1) // after a grant used up at that time
		}
	}
	for time := range len(b.places) - 1 {
		b.places[time+1] += b.places[time]
	}
	b.expiries[n] = slices.Grow(b.expiries[n][:0], len(b.found))[:len(b.found)]
	for _, x := range b.found {
		b.expiries[n][b.places[x.time]] = x
		b.places[x.time]++
	}
}

// find records that the i-th path of a replicate, or a part of it, goes into a row at a
// time.
func (b *batch) find(p *plant.History, i, time int, to, lanes uint8) {
	r := len(p.Runs) - 1
	for r > 0 && int(p.Runs[r].Step) >= time {
		r--
	}
	run := p.Runs[r]
	row := b.timeline.rowOf[run.Condition]
	b.found = append(b.found, expiry{int32(time), run.Step, int32(i), row, to, lanes})
	b.places[time+1]++
}

// tabulate computes the effect of hazards in the steps of the stretch.
func (b *batch) tabulate(k *batchKernel) {
	steps := b.to - b.from
	rough := uint8(0) // lanes that need several panels in a step, or rounding made up
	for j := range steps + 1 {
		time := b.from + j
		start := float64(time) * b.rules[0].step
		for lane := range lanes {
			if j < steps {
				b.common[AsUsed][j][lane], b.common[Meaning][j][lane] = 0, 0
			}
			if time < 0 || time > b.alive[lane] {
				b.phi[AsUsed][j][lane], b.phi[Meaning][j][lane] = 0, 0
				continue
			}
			f := b.frailties[lane]
			for v := range numViews {
				common := 0.0
				if eta := &b.eta[v]; lane > 0 && eta[lane] == eta[lane-1] && time <= b.alive[lane-1] {
					common = b.power[v][lane-1] // many rules have the same hazards
				} else {
					common = random.Exp(-eta[lane] * start)
				}
				b.power[v][lane] = common
				b.phi[v][j][lane] = common * f.at[time]
				if j < steps && time < b.alive[lane] {
					b.common[v][j][lane] = common
				}
			}
			if j < steps && time < b.alive[lane] {
				for i := range gauss {
					b.frail[j][i][lane], b.ratio[j][i][lane] = f.frail[time][i], f.ratio[time][i]
				}
				if !b.lane(lane).smooth(start, b.fastest[lane]) {
					rough |= 1 << lane
				}
			}
		}
	}
	k.integrate(b)
	for lane := range b.rules {
		if rough>>lane&1 == 1 {
			b.refine(lane)
		}
	}
	b.charge()
	for of := range b.entered {
		clear(b.entered[of][:steps+1])
	}
}

// smooth reports whether the quadrature over the step from start [s] as one panel is as
// accurate as rounding, so that it needs no correction (newSurvivalTable).
func (h *hazards) smooth(start, fastest float64) bool {
	return h.step*fastest <= 0.5 && h.step*h.rho <= 0.05*(h.Frailty+h.rho*start)
}

// refine replaces the exposure of a lane in the stretch by that of its survival
// tables.
func (b *batch) refine(lane int) {
	r := b.rules[lane]
	for v := range numViews {
		table := r.table(View(v))
		for k := max(b.from, 0); k < min(b.to, b.alive[lane]); k++ {
			for row, code := range b.timeline.conditions {
				class, j := r.classOf[code], k-b.from
				b.exposed[v][j][row][lane] = table.exposed[class][k]
				b.resigned[v][j][row][lane] = table.resign[class][k]
			}
		}
	}
}

// charge computes from the exposure the part that failures take, and the part taken up
// to the end of the stretch.
func (b *batch) charge() {
	steps := b.to - b.from
	for row := range b.timeline.conditions {
		for j := range steps {
			for lane := range lanes {
				b.taken[j][row][lane] = float64(b.exposed[Meaning][j][row][lane]*b.failing[row][lane]) +
					float64(b.resigned[Meaning][j][row][lane]*b.resigning[lane])
			}
		}
		exposed, resigned := &b.exposed[AsUsed], &b.resigned[AsUsed]
		exposed[steps][row], resigned[steps][row] = perLane{}, perLane{}
		for j := steps - 1; j >= 0; j-- {
			for lane, factor := range b.factor[row] {
				exposed[j][row][lane] += float64(exposed[j+1][row][lane] * factor)
				resigned[j][row][lane] += float64(resigned[j+1][row][lane] * factor)
			}
		}
	}
}

// followTotal follows the sum of the replicates, among all sessions or those that start.
func (b *batch) followTotal(of int) {
	t, entered := &b.total[of], &b.entered[of]
	e := b.rules[0] // the others have hazards of the same causes
	for time := b.from + 1; time <= b.to; time++ {
		j := time - b.from
		for row := range b.timeline.conditions {
			for lane, held := range t.held[row] {
				if time > 0 {
					x := float64(held * b.exposed[Meaning][j-1][row][lane])
					for i, cause := range e.own {
						t.causes[cause][lane] += float64(x * b.own[i][row][lane])
					}
					for _, cause := range e.shared[Meaning] {
						t.causes[cause][lane] += float64(x * b.same[cause][lane])
					}
					t.causes[e.frail][lane] += float64(held * b.resigned[Meaning][j-1][row][lane])
					held *= b.factor[row][lane]
				}
				t.held[row][lane] = held + entered[j][row][lane]
			}
		}
		for i, cause := range sudden {
			for lane, x := range entered[j][ends+i] {
				t.causes[cause][lane] += float64(x * b.phi[Meaning][j][lane])
			}
		}
		b.causes[j][of] = t.causes
	}
}

// used books the replicates at the duration with index at.
func (b *batch) used(at int) {
	e := b.rules[0]
	for n := range replicates {
		s := &b.state[n]
		for lane := range lanes {
			b.means[at][n][lane] = min(max(s.failed[lane]*s.given[lane], 0), 1)
			var ended [slotAll + 1]float64
			exposed, held := 0.0, 0.0
			for row := range b.timeline.conditions {
				x := s.exposed[row][lane]
				exposed += x
				held += s.held[row][lane]
				ended[e.frail] += s.resigned[row][lane]
				for i, cause := range e.own {
					ended[cause] += float64(x * b.own[i][row][lane])
				}
			}
			ended[model.Refused] = s.refused[lane]
			for _, cause := range e.shared[AsUsed] {
				ended[cause] += float64(exposed * b.same[cause][lane])
			}
			for i, cause := range sudden {
				ended[cause] += s.ended[i][lane]
			}
			for slot := range slotAll {
				ended[slotAll] += ended[slot]
			}
			for slot, x := range ended {
				b.ended[at][slot].add(lane, x)
			}
			left := float64(held*b.phi[Meaning][b.to-b.from][lane]) * s.given[lane]
			b.unfinished[at].add(lane, s.starts[lane]-left)
		}
	}
}

// add adds a block's mean to those of a lane.
func (b *blockMeans) add(lane int, x float64) {
	m := b.lane(lane)
	m.Add(min(max(x, 0), 1))
	b.sum[lane], b.high[lane], b.low[lane] = m.Sum, m.High, m.Low
}

// batchKernel holds the functions that take most of the time, for eight numbers
// at a time.
type batchKernel struct {
	integrate func(*batch)      // computes the exposure in the steps of the stretch
	follow    func(*batch, int) // follows a replicate through the stretch
}

// rowExpired is the row of paths whose grant is used up, rowPrompted the row of paths that
// the prompt has ended.
const (
	rowExpired  = ends + 1
	rowPrompted = ends + numThresholds
)

// rounded rounds an amount to units of exposures.
func rounded(amount float64) float64 { return (amount + roundUnit) - roundUnit }
