package solver

import (
	"cmp"
	"math/bits"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/random"
)

// An octet follows the paths of a timeline under eight endings side by side. In all
// that it holds, a lane is one of the endings, and does not depend on the others.
//
// It goes from one time to a later one, a stretch, with one net after the other. What
// is held, the mean Σ E of the paths in a row (see ledger), is the same in both views.
// At every step it takes its share to the failure of a user who means to finish, by net,
// since the spread of nets is needed at every duration. What nets say of sessions as
// people use the app is needed at few: there every amount that enters a row takes at once
// what the hazards will have taken of it to the end of the stretch. Of the causes of
// Meaning the sums over all nets alone are needed: these are followed like a net.
type octet struct {
	*octetMemory
	timeline *timeline
	endings  []*endings // one to eight
	counted  [slotSum]bool
	at       []int // durations at which sessions as people use the app are looked at
	first    int   // index of the time of the shortest duration
	alive    [lanes]int
	last     int // index of the last time at which anything happens

	keepCoarse             [conditions][]octuple // what n·coarse steps leave, by row
	share                  []octuple             // E of a path when it went into its row, by net and path
	left                   []octuple             // what refusal leaves of a path at the start, by kind
	paths                  [nets][]octuple       // those of a net
	from, to               int                   // indices of the times of the stretch: its steps are from, …, to−1
	changed                [nets]int             // changes done
	expired                [nets]int             // expiries done
	movedRows, emptiedRows [stretch + 1]uint32   // of a net, by time of the stretch, as bits
	live                   []uint8               // rows in which a net has paths

	grants, expiredBy []grant        // of the endings, and those that expiries are of
	expiries          [nets][]expiry // in the order of time
	found             []expiry       // room
	places            []int32        // room, by time
	frailties         [lanes]*frailty

	failed []blockMeans        // by duration
	ended  [][slots]blockMeans // by durations asked for and series
	nets   [][nets]octuple     // failure by durations asked for
	causes [][slotSum]octuple  // by time of the stretch: mean of all nets, up to it (Meaning)
}

// octuple holds a number for each of the endings.
type octuple = [lanes]float64

// octetMemory is the part without pointers: see vectorMemory.
type octetMemory struct {
	state [nets]netState
	total totalState

	// By row.
	keep, further, failing [conditions]octuple
	own                    [model.Completed][conditions]octuple // by place in hazards.own
	kept                   [numViews][conditions][gauss]octuple // exposure left at the nodes, times their weights
	keepFine               [conditions][coarse]octuple          // what n steps leave
	// The same in all rows: shared hazards by cause, their sums, the sum of all hazards where
	// it is greatest, and whether the frail one makes a failure (1 or 0).
	same               [model.Completed]octuple
	eta                [numViews]octuple
	fastest, resigning octuple

	power [numViews]octuple // exp(−η t) at the time that tabulate has come to

	// By step of the stretch, then by row.
	common       [numViews][stretch]octuple // φ without the frailty, 0 where nothing is left
	frail, ratio [stretch][gauss]octuple    // φ's other factor at the nodes, and that times the hazard of resigning
	exposed      [numViews][stretch + 1][conditions]octuple
	resigned     [numViews][stretch + 1][conditions]octuple
	taken        [stretch][conditions]octuple // of what is held, by failures

	// By time of the stretch, the first being from, then by row.
	phi     [numViews][stretch + 1]octuple
	entered [stretch + 1][ends + len(thresholds)]octuple // in all nets

	moved  [stretch + 1][ends + len(thresholds)]octuple // of a net, into rows: sums of units, and exact
	counts [len(thresholds)]octuple                     // by threshold: 1 for a failure, else 0

	masks [1 << lanes]octuple // 1 in the lanes that are set, 0 in all others
}

// netState is how far a net is.
type netState struct {
	held, exposed, resigned [conditions]octuple // by row; the last two as people use the app
	ended                   [len(thresholds)]octuple
	refused, failed         octuple
}

// totalState is how far the sum of the nets is.
type totalState struct {
	held   [conditions]octuple
	causes [slotSum]octuple
}

// blockMeans are estimate.BlockMeans by lane.
type blockMeans struct{ sum, high, low octuple }

func (b *blockMeans) lane(i int) estimate.BlockMeans {
	return estimate.BlockMeans{Sum: b.sum[i], High: b.high[i], Low: b.low[i]}
}

// stretch is the largest number of steps of a stretch.
const stretch = 32

// coarse is the number of steps from one entry of keepCoarse to the next.
const coarse = 32

// roundUnit rounds to units of ledgers when it is added and taken away again.
const roundUnit = 0x1.8p16

// grant is how a grant is used up, for the endings that share it.
type grant struct {
	*endings
	alive int   // index of the time at which it is used up at the latest
	lanes uint8 // as bits
}

// expiry is the using up of a path's grant, in some lanes.
type expiry struct {
	time, since int32 // indices of times, of the expiry and of the change before it
	path        int32
	row, lanes  uint8
}

// frailty is what frailties take of the paths over the steps of a program, with a resign
// hazard and a shape: the factor of φ at times and at the nodes of steps.
type frailty struct {
	rho, shape   float64
	at           []float64
	frail, ratio [][gauss]float64
}

func newOctet(t *timeline, steps int, at []int) *octet {
	o := &octet{octetMemory: new(octetMemory), timeline: t, at: at}
	n := 0
	for i := range t.nets {
		n += len(t.nets[i].paths)
	}
	o.share = make([]octuple, n)
	o.left = make([]octuple, len(t.kinds))
	n = 0
	for i := range t.nets {
		o.paths[i] = o.share[n : n+len(t.nets[i].paths)]
		n += len(t.nets[i].paths)
	}
	o.places = make([]int32, steps+2)
	for set := range o.masks {
		for lane := range lanes {
			o.masks[set][lane] = float64(set >> lane & 1)
		}
	}
	o.ended = make([][slots]blockMeans, len(at))
	o.nets = make([][nets]octuple, len(at))
	o.causes = make([][slotSum]octuple, stretch+1)
	return o
}

// run follows the paths under up to eight endings of one plant, and hands over what is
// known of all nets at every duration.
func (o *octet) run(e []*endings, k *octetKernel, causes func(i int, causes *[slotSum]octuple)) {
	o.prepare(e)
	o.begin()
	next := 0 // of the durations asked for
	for o.from, o.to = -1, 0; ; {
		o.tabulate(k)
		for n := range nets {
			if o.timeline.nets[n].scale > 0 {
				o.live = o.timeline.nets[n].live(o.live[:0], o.from)
				k.follow(o, n)
			}
		}
		k.total(o)
		for time := max(o.from+1, o.first); time <= o.to; time++ {
			causes(time-o.first, &o.causes[time-o.from])
		}
		if next < len(o.at) && o.to == o.at[next]+o.first {
			k.used(o, next)
			next++
		}
		if o.to == o.last {
			break
		}
		o.from = o.to
		o.to = min(o.from/stretch*stretch+stretch, o.last)
		if next < len(o.at) {
			o.to = min(o.to, o.at[next]+o.first)
		}
	}
	for ; next < len(o.at); next++ { // all stays as it is
		k.used(o, next)
	}
}

// prepare readies the following under some endings.
func (o *octet) prepare(e []*endings) {
	o.endings = e
	o.first, o.last = e[0].first, e[0].first
	o.grants = o.grants[:0]
	o.counted = e[0].counted(Meaning)
	for lane := range lanes {
		e := o.lane(lane)
		o.last = max(o.last, e.alive())
		for cause, rate := range e.same {
			o.same[cause][lane] = rate
		}
		o.resigning[lane] = oneIf(o.counted[e.frail])
		for i, cause := range thresholds {
			o.counts[i][lane] = oneIf(o.counted[cause])
		}
		g := slices.IndexFunc(o.grants, func(g grant) bool { return g.compareGrants(e) == 0 })
		if g < 0 {
			g = len(o.grants)
			o.grants = append(o.grants, grant{e, e.alive(), 0})
		}
		o.grants[g].lanes |= 1 << lane

		for v := range numViews {
			o.eta[v][lane] = e.eta(View(v))
		}
		o.alive[lane] = e.alive()
		o.fastest[lane] = 0
		for row, code := range o.timeline.conditions {
			class := e.classOf[code]
			for i, rate := range e.classes[class].own {
				o.own[i][row][lane] = rate
			}
			o.further[row][lane] = e.classes[class].total
			o.fastest[lane] = max(o.fastest[lane], o.further[row][lane])
			failing := 0.0
			for cause, rate := range e.rates(Meaning, class) {
				if o.counted[cause] {
					failing += rate
				}
			}
			o.failing[row][lane] = failing
			for v := range numViews {
				for j, x := range gaussNodes {
					o.kept[v][row][j][lane] = gaussWeights[j] * e.step * random.Exp(-(o.eta[v][lane]+o.further[row][lane])*x*e.step)
				}
			}
		}
		o.fastest[lane] += o.eta[AsUsed][lane] + e.rho
		o.frailties[lane] = o.frailty(e)
	}
	for row := range o.timeline.conditions {
		if len(o.keepCoarse[row]) <= o.last/coarse {
			o.keepCoarse[row] = make([]octuple, o.last/coarse+1)
		}
		for lane, rate := range o.further[row] {
			if lane == len(e) {
				break
			}
			for n := range o.keepFine[row] {
				o.keepFine[row][n][lane] = random.Exp(-rate * e[0].step * float64(n))
			}
			for n := range o.keepCoarse[row] {
				o.keepCoarse[row][n][lane] = random.Exp(-rate * e[0].step * float64(n*coarse))
			}
		}
		o.keep[row] = o.keepFine[row][1]
	}

	if times := o.last - o.first + 1; cap(o.failed) < times {
		o.failed = make([]blockMeans, times)
	} else {
		o.failed = o.failed[:times]
		clear(o.failed)
	}
	clear(o.ended)
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// compareGrants orders endings by how grants are used up; it returns 0 for those of which
// they are used up alike.
func (e *endings) compareGrants(o *endings) int {
	return cmp.Or(cmp.Compare(e.session.Limit, o.session.Limit), slices.Compare(e.rate[:], o.rate[:]))
}

// frailty returns that of some endings, which others may have.
func (o *octet) frailty(e *endings) *frailty {
	rho, a := e.rho, e.frailty
	for _, f := range o.frailties {
		if f != nil && f.rho == rho && f.shape == a {
			return f
		}
	}
	f := &frailty{rho: rho, shape: a, at: make([]float64, e.steps+1), frail: make([][gauss]float64, e.steps), ratio: make([][gauss]float64, e.steps)}
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

// lane returns the endings of a lane: the last ones again in those that are left over.
func (o *octet) lane(lane int) *endings { return o.endings[min(lane, len(o.endings)-1)] }

// begin puts all paths where they start, and finds out when grants are used up.
func (o *octet) begin() {
	for k, kind := range o.timeline.kinds {
		for lane := range lanes {
			o.left[k][lane] = kind.weight - kind.weight*o.lane(lane).refused(kind.Start)
		}
	}
	o.state = [nets]netState{}
	o.total = totalState{}
	o.changed, o.expired = [nets]int{}, [nets]int{}
	for n := range nets {
		o.enter(n)
	}
	if slices.EqualFunc(o.expiredBy, o.grants, func(a, b grant) bool { return a.lanes == b.lanes && a.compareGrants(b.endings) == 0 }) {
		return // all is as before
	}
	o.expiredBy = append(o.expiredBy[:0], o.grants...)
	for n := range nets {
		o.expire(n)
	}
}

// enter puts the paths of a net where they start.
func (o *octet) enter(n int) {
	net, s := &o.timeline.nets[n], &o.state[n]
	for i, k := range net.kinds {
		o.paths[n][i] = o.left[k]
	}
	for lane := range lanes {
		refused := int64(0)
		var held [conditions]int64
		for k, counts := range net.starts {
			left := fixed(o.left[k][lane])
			for row := range o.timeline.conditions {
				held[row] += counts[row] * left
				refused += counts[row] * fixed(o.timeline.kinds[k].weight-o.left[k][lane])
			}
		}
		for row := range o.timeline.conditions {
			s.held[row][lane] = float64(held[row]) / unit * net.scale
			o.total.held[row][lane] += s.held[row][lane]
		}
		s.refused[lane] = float64(refused) / unit * net.scale
		o.total.causes[model.Refused][lane] += s.refused[lane]
	}
	if o.counted[model.Refused] {
		s.failed = s.refused
	}
}

// expire finds out when the grants of a net's paths are used up.
func (o *octet) expire(n int) {
	paths := o.timeline.nets[n].paths
	o.found = o.found[:0]
	clear(o.places)
	for i := range paths {
		p := &paths[i]
		first := len(o.found)
	grants:
		for _, g := range o.grants {
			if g.session.Limit == 0 {
				continue
			}
			time := g.expiry(p)
			if time > g.alive || time > p.End || time == p.End && !p.AfterGrant {
				continue
			}
			for j := range o.found[first:] {
				if x := &o.found[first+j]; int(x.time) == time {
					x.lanes |= g.lanes
					continue grants
				}
			}
			r := len(p.Runs) - 1
			for r > 0 && int(p.Runs[r].Step) >= time {
				r--
			}
			run := p.Runs[r]
			o.found = append(o.found, expiry{int32(time), run.Step, int32(i), o.timeline.rowOf[run.Condition], g.lanes})
			o.places[time+1]++
		}
	}
	for time := range len(o.places) - 1 {
		o.places[time+1] += o.places[time]
	}
	o.expiries[n] = slices.Grow(o.expiries[n][:0], len(o.found))[:len(o.found)]
	for _, x := range o.found {
		o.expiries[n][o.places[x.time]] = x
		o.places[x.time]++
	}
}

// tabulate makes what hazards do in the steps of the stretch.
func (o *octet) tabulate(k *octetKernel) {
	steps := o.to - o.from
	rough := uint8(0) // lanes in which a step takes more than one panel, or care
	for j := range steps + 1 {
		time := o.from + j
		start := float64(time) * o.endings[0].step
		for lane := range lanes {
			if j < steps {
				o.common[AsUsed][j][lane], o.common[Meaning][j][lane] = 0, 0
			}
			if time < 0 || time > o.alive[lane] {
				continue
			}
			f := o.frailties[lane]
			for v := range numViews {
				common := 0.0
				if eta := &o.eta[v]; lane > 0 && eta[lane] == eta[lane-1] && time <= o.alive[lane-1] {
					common = o.power[v][lane-1] // many endings have the same
				} else {
					common = random.Exp(-eta[lane] * start)
				}
				o.power[v][lane] = common
				o.phi[v][j][lane] = common * f.at[time]
				if j < steps && time < o.alive[lane] {
					o.common[v][j][lane] = common
				}
			}
			if j < steps && time < o.alive[lane] {
				for i := range gauss {
					o.frail[j][i][lane], o.ratio[j][i][lane] = f.frail[time][i], f.ratio[time][i]
				}
				if !o.lane(lane).smooth(start, o.fastest[lane]) {
					rough |= 1 << lane
				}
			}
		}
	}
	k.integrate(o)
	for lane := range o.endings {
		if rough>>lane&1 == 1 {
			o.integrate(lane)
		}
	}
	k.charge(o)
	clear(o.entered[:steps+1])
}

// smooth tells whether the quadrature over the step from start [s] on as one panel is as
// good as rounding: it then needs no making up (newSurvivalTable).
func (h *hazards) smooth(start, fastest float64) bool {
	return h.step*fastest <= 0.5 && h.step*h.rho <= 0.05*(h.frailty+h.rho*start)
}

// integrate makes the exposure of a lane in the steps of the stretch as
// newSurvivalTable does.
func (o *octet) integrate(lane int) {
	e := o.endings[lane]
	rho, a, fastest := e.rho, e.frailty, o.fastest[lane]
	for j := range o.to - o.from {
		if o.from+j < 0 || o.from+j >= o.alive[lane] {
			continue
		}
		start := float64(o.from+j) * e.step
		for v := range numViews {
			eta, common := o.eta[v][lane], o.common[v][j][lane]
			for row := range o.timeline.conditions {
				exposed, resigned := 0.0, 0.0
				for u := 0.0; e.step-u >= 1e-9*e.step; {
					length := e.panel(start, u, fastest)
					for i, x := range gaussNodes {
						at := u + x*length
						left := gaussWeights[i] * length * common * random.Exp(-(eta+o.further[row][lane])*at) * e.outlasting(start+at)
						exposed += left
						resigned += left * rho / (1 + rho*(start+at)/a)
					}
					u += length
				}
				further := o.further[row][lane]
				lost := o.phi[v][j][lane] - o.phi[v][j+1][lane]*o.keep[row][lane]
				scale := 0.0
				if sum := (eta+further)*exposed + resigned; sum > 0 {
					scale = lost / sum
				}
				o.exposed[v][j][row][lane], o.resigned[v][j][row][lane] = exposed*scale, resigned*scale
			}
		}
	}
}

// octetKernel holds what is done with eight numbers at a time.
type octetKernel struct {
	integrate func(*octet)      // makes the exposure in the steps of the stretch
	charge    func(*octet)      // makes of it what failures take, and what is taken to the end of the stretch
	follow    func(*octet, int) // follows a net through the stretch
	total     func(*octet)      // follows the sum of the nets
	used      func(*octet, int) // books the nets at one of the durations asked for
}

var octetPortable = octetKernel{integratePortable, chargePortable, followPortable, totalPortable, usedPortable}

func integratePortable(o *octet) {
	for row := range o.timeline.conditions {
		for j := range o.to - o.from {
			for v := range numViews {
				for lane := range lanes {
					exposed, resigned := 0.0, 0.0
					for i := range gauss {
						kept := o.kept[v][row][i][lane]
						exposed += float64(kept * o.frail[j][i][lane])
						resigned += float64(kept * o.ratio[j][i][lane])
					}
					o.exposed[v][j][row][lane] = exposed * o.common[v][j][lane]
					o.resigned[v][j][row][lane] = resigned * o.common[v][j][lane]
				}
			}
		}
	}
}

func chargePortable(o *octet) {
	steps := o.to - o.from
	for row := range o.timeline.conditions {
		for j := range steps {
			for lane := range lanes {
				o.taken[j][row][lane] = float64(o.exposed[Meaning][j][row][lane]*o.failing[row][lane]) +
					float64(o.resigned[Meaning][j][row][lane]*o.resigning[lane])
			}
		}
		exposed, resigned := &o.exposed[AsUsed], &o.resigned[AsUsed]
		exposed[steps][row], resigned[steps][row] = octuple{}, octuple{}
		for j := steps - 1; j >= 0; j-- {
			for lane, keep := range o.keep[row] {
				exposed[j][row][lane] += float64(exposed[j+1][row][lane] * keep)
				resigned[j][row][lane] += float64(resigned[j+1][row][lane] * keep)
			}
		}
	}
}

func followPortable(o *octet, n int) {
	net, s := &o.timeline.nets[n], &o.state[n]
	for _, row := range o.live {
		for lane, held := range s.held[row] {
			s.exposed[row][lane] += float64(held * o.exposed[AsUsed][0][row][lane])
			s.resigned[row][lane] += float64(held * o.resigned[AsUsed][0][row][lane])
		}
	}
	at, expired, expiries := o.changed[n], o.expired[n], o.expiries[n]
	for time := o.from + 1; time <= o.to; time++ {
		j := time - o.from
		moved, emptied := uint32(0), uint32(0)
		for ; expired < len(expiries) && int(expiries[expired].time) == time; expired++ {
			x := &expiries[expired]
			share := &o.paths[n][x.path]
			left := o.remain(share, x.row, time-int(x.since))
			moved |= 1<<x.row | 1<<rowExpired
			for lane, mask := range o.masks[x.lanes] {
				amount := float64(rounded(left[lane])*net.times[x.path]) * mask
				o.moved[j][x.row][lane] -= amount
				o.moved[j][rowExpired][lane] += amount
				share[lane] -= float64(share[lane] * mask)
			}
		}
		for ; at < len(net.changes) && int(net.changes[at].time) == time; at++ {
			c := &net.changes[at]
			share := &o.paths[n][c.path]
			*share = o.remain(share, c.from, time-int(c.since))
			moved |= 1<<c.from | 1<<c.to
			if c.empties {
				emptied |= 1 << c.from
			}
			for lane, left := range share {
				o.moved[j][c.from][lane] -= rounded(left)
				o.moved[j][c.to][lane] += rounded(left)
			}
		}
		o.movedRows[j], o.emptiedRows[j] = moved, emptied
	}
	o.changed[n], o.expired[n] = at, expired
	for time := o.from + 1; time <= o.to; time++ {
		j := time - o.from
		if time > 0 {
			var taken octuple
			for _, row := range o.live {
				for lane, held := range s.held[row] {
					taken[lane] += float64(held * o.taken[j-1][row][lane])
					s.held[row][lane] = held * o.keep[row][lane]
				}
			}
			for lane, x := range taken {
				s.failed[lane] += x
			}
		}
		for moved := o.movedRows[j]; moved != 0; moved &= moved - 1 {
			row := bits.TrailingZeros32(moved)
			for lane, x := range o.moved[j][row] {
				x *= net.scale
				o.entered[j][row][lane] += x
				if row < ends {
					s.held[row][lane] += x
					s.exposed[row][lane] += float64(x * o.exposed[AsUsed][j][row][lane])
					s.resigned[row][lane] += float64(x * o.resigned[AsUsed][j][row][lane])
				} else {
					s.ended[row-ends][lane] += float64(x * o.phi[AsUsed][j][lane])
					s.failed[lane] += float64(float64(x*o.phi[Meaning][j][lane]) * o.counts[row-ends][lane])
				}
			}
			o.moved[j][row] = octuple{}
		}
		for emptied := o.emptiedRows[j]; emptied != 0; emptied &= emptied - 1 { // but for rounding
			s.held[bits.TrailingZeros32(emptied)] = octuple{}
		}
		if time >= o.first {
			b := &o.failed[time-o.first]
			for lane := range lanes {
				b.add(lane, s.failed[lane])
			}
		}
	}
}

// rowExpired is the row of paths whose grant is used up.
const rowExpired = ends + 1

// rounded rounds an amount to units of ledgers.
func rounded(amount float64) float64 { return (amount + roundUnit) - roundUnit }

// remain returns what is left of a share after n steps in a row.
func (o *octet) remain(share *octuple, row uint8, n int) (left octuple) {
	fine, coarse := &o.keepFine[row][n%coarse], &o.keepCoarse[row][n/coarse]
	for lane, x := range share {
		left[lane] = x * fine[lane] * coarse[lane]
	}
	return left
}

// add adds a block's mean to those of a lane.
func (b *blockMeans) add(lane int, x float64) {
	m := b.lane(lane)
	m.Add(min(max(x, 0), 1))
	b.sum[lane], b.high[lane], b.low[lane] = m.Sum, m.High, m.Low
}

func totalPortable(o *octet) {
	t, e := &o.total, o.endings[0] // the others have hazards of the same causes
	for time := o.from + 1; time <= o.to; time++ {
		j := time - o.from
		for row := range o.timeline.conditions {
			for lane, held := range t.held[row] {
				if time > 0 {
					x := float64(held * o.exposed[Meaning][j-1][row][lane])
					for i, cause := range e.own {
						t.causes[cause][lane] += float64(x * o.own[i][row][lane])
					}
					for _, cause := range e.shared[Meaning] {
						t.causes[cause][lane] += float64(x * o.same[cause][lane])
					}
					t.causes[e.frail][lane] += float64(held * o.resigned[Meaning][j-1][row][lane])
					held *= o.keep[row][lane]
				}
				t.held[row][lane] = held + o.entered[j][row][lane]
			}
		}
		for i, cause := range thresholds {
			for lane, x := range o.entered[j][ends+i] {
				t.causes[cause][lane] += float64(x * o.phi[Meaning][j][lane])
			}
		}
		o.causes[j] = t.causes
	}
}

func usedPortable(o *octet, at int) {
	e := o.endings[0]
	for n := range nets {
		s := &o.state[n]
		for lane := range lanes {
			o.nets[at][n][lane] = min(max(s.failed[lane], 0), 1)
			var ended [slots]float64
			exposed := 0.0
			for row := range o.timeline.conditions {
				x := s.exposed[row][lane]
				exposed += x
				ended[e.frail] += s.resigned[row][lane]
				for i, cause := range e.own {
					ended[cause] += float64(x * o.own[i][row][lane])
				}
			}
			ended[model.Refused] = s.refused[lane]
			for _, cause := range e.shared[AsUsed] {
				ended[cause] += float64(exposed * o.same[cause][lane])
			}
			for i, cause := range thresholds {
				ended[cause] += s.ended[i][lane]
			}
			for slot := range slotSum {
				ended[slotSum] += ended[slot]
			}
			for slot, x := range ended {
				o.ended[at][slot].add(lane, x)
			}
		}
	}
}
