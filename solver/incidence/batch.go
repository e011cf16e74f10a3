package incidence

import (
	"budget/model"
	"budget/solver/estimate"
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
	at       []int         // indices of the durations with means of replicates
	ends     bool          // and there with all that ends sessions, in the view AsUsed
	first    int           // index of the time of the shortest duration
	alive    [lanes]int
	last     int // index of the last time at which anything happens

	coarseFactor [conditions][]perLane // survival of n·coarse steps, by row
	left         []perLane             // part of a path not refused at the start, by kind
	from, to     int                   // times of the stretch: its steps are from, …, to−1
	live         []uint8               // rows with paths of a replicate
	moves        [replicates]moves
	alike        []alike // what the rules have in common
	everyone     []int32 // 0, 1, …: indices of all paths of a replicate

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

	// By step of the stretch.
	common [numViews][stretch]perLane // φ without the frailty, 0 where nothing is left
	// φ's other factor at the nodes, and that times the hazard of resigning
	frail, ratio [stretch][gauss]perLane
	lost         [stretch]perLane // what failures take in all rows of a replicate

	// By row, then by step of the stretch.
	exposed  [numViews][conditions][stretch + 1]perLane
	resigned [numViews][conditions][stretch + 1]perLane
	taken    [conditions][stretch]perLane // of what is held, by failures

	// By time of the stretch, the first being from.
	phi [numViews][stretch + 1]perLane

	// By row, then by time of the stretch.
	entered [among][ends + len(sudden)][stretch + 1]perLane // in all replicates
	moved   [ends + len(sudden)][stretch + 1]perLane        // of a replicate: exact sums
	// The times at which something has moved, and after which a row has no paths, as bits.
	movedAt, emptiedAt [ends + len(sudden)]uint64

	counts [len(sudden)]perLane // by sudden cause: 1 for a failure, else 0
	takes  [len(sudden)]perLane // and what it takes of a path

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

// moves are the changes of a replicate's paths between rows, for the rules of a batch. Those of
// paths that move alike under all rules are only summed; the others are followed one by one.
type moves struct {
	alike    []move    // in the order of time
	own      []int32   // indices of the other paths
	share    []perLane // E of those when they entered their row
	changes  []change  // and their changes; path is an index into own
	expiries []expiry
	split    bool // whether alike paths are summed
	// Numbers of alike, changes, expiries and timedReplicate.emptied that are done.
	moved, changed, expired, emptied int
}

// move is what enters a row at a time in a replicate, less what leaves it, as in exposures.
type move struct {
	time   int32
	row    uint8
	amount float64
}

// alike is a number that the rules of a batch have in common, if they do.
type alike struct {
	common bool
	x      float64
}

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

func newBatch(t *timeline, steps int, at []int, ends bool) *batch {
	b := &batch{batchMemory: new(batchMemory), timeline: t, at: at, ends: ends}
	b.left = make([]perLane, len(t.kinds))
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

// lane returns the rules of a lane. Spare lanes repeat the last rules.
func (b *batch) lane(lane int) *Rules { return b.rules[min(lane, len(b.rules)-1)] }

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
	charge    func(*batch)      // computes from it what hazards take
	follow    func(*batch, int) // follows a replicate through the stretch
	// total follows the sum of the replicates, among all sessions or those that start.
	total func(b *batch, of int)
	used  func(b *batch, at int) // books the replicates at the duration with index at
}

// rowExpired is the row of paths whose grant is used up, rowPrompted the row of paths that
// the prompt has ended.
const (
	rowExpired  = ends + 1
	rowPrompted = ends + numThresholds
)

// rounded rounds an amount to units of exposures.
func rounded(amount float64) float64 { return (amount + roundUnit) - roundUnit }
