package solver_test

// The oracle is a second program for the session model: one path at a time, one step at a
// time, written from the model's text alone. It is straightforward on purpose, with the
// standard library's functions and generator and no layout for speed. From the project it
// takes only the parameters' values and the causes' names, no mathematics and no random
// numbers.
//
// Tests compare every kernel of package solver with it, and a benchmark compares the
// kernels' speed with its speed. Section numbers in comments are those of the session
// model. This file averages over paths; oracle_watch_test.go is the watch and its
// drivers, oracle_path_test.go the system's policy along a session or a timer.

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"budget/model"
)

// oracle is what to simulate.
type oracle struct {
	Scenario                     *model.Scenario
	Session, Device, Environment string        // Device and Environment: an id, or "" to draw
	StartLevel                   *float64      // z(0), or nil to draw it
	Plans                        []float64     // durations [s], multiples of the step, ascending
	Failures                     []model.Cause // what a plan fails by
	// Given, if not nil, says which sessions to estimate: others are drawn again.
	Given func(oracleStart) bool
	// Timer, if not nil, is simulated instead of a session for each of the plans: the
	// plans of the result are then the stints of the timer.
	Timer []oraclePhase
	// Restart starts a new session at once when a grant is used up.
	Restart bool

	// Derived by Run.
	networks   map[networkKey]*network
	nextStates map[*model.Workload][4][4]float64 // over a step
	course     []leg
	// By steps into the course: the plan or stint that ends there, without and with margin.
	costAt, endAt map[int]int
}

// oracleStart is what an app can observe at the first poll.
type oracleStart struct {
	Displayed float64
	Thermal   int  // 0 nominal to 3 critical
	LowPower  bool // Low Power Mode was drawn on
	Build     string
}

// The rows of a result. The causes come first. Rows after survivalRow are shares of the
// sessions that start.
const (
	notReturnedRow = int(model.NotReturned)
	inProgressRow  = int(model.InProgress)
	survivalRow    = int(model.InProgress) + iota - 1 // nothing ended the session
	failureRow                                        // the sum over the failures
	leftRow                                           // resigned, where that is no failure
	completionRow                                     // nothing ended the session
	oracleRows
)

// The cost quantities of sessions that reach their planned end.
const (
	levelUsed = iota
	shownLevelUsed
	hottestSkin // [degC]
	reachedFair
	reachedSerious
	reachedCritical
	promptedCost // the Low Power prompt has come
	costRows
)

// accountCount is the number of accounts of one path: two readings of the
// grant, with and without the user's stop. See accountIndex.
const accountCount = 4

// accountIndex returns the place of the account of a reading and a view.
func accountIndex(documented, meaning bool) int {
	i := 0
	if documented {
		i += 2
	}
	if meaning {
		i++
	}
	return i
}

// oracleEstimate is an estimated probability or mean.
type oracleEstimate struct {
	Probability, StandardError float64
	Paths                      float64
	// Effective is the number of paths the standard error rests on: the sum of the
	// paths' squared deviations in units of the largest.
	Effective float64
}

// oracleCurves holds the estimates of one account and estimator by row and plan.
type oracleCurves [oracleRows][]oracleEstimate

// oracleCosts holds the estimated costs by quantity and session length.
type oracleCosts [costRows][]oracleEstimate

// oracleResult is the result of Run, by account.
type oracleResult struct {
	Weights, Tosses           [accountCount]oracleCurves // hazards integrated, and 0/1 events
	WeightsCosts, TossesCosts [accountCount]oracleCosts
	Steps                     int64 // that all paths went through

	records [][]record // of each block's paths, by plan
}

// books holds the parts of a path by row, up to survivalRow; lateRefused is the part
// refused at later starts of a timer.
type books [survivalRow + 2]float32

const lateRefused = survivalRow + 1

// record is a path at the end of a session length: its accounts then, and its cost at the
// end of the duration, before the margin.
type record struct {
	weights, tosses [accountCount]books
	cost            [costRows]float32
}

// blockCount is the number of independent blocks behind a standard error.
const blockCount = 64

// Run simulates paths, rounded up to whole blocks, and estimates the cumulative
// incidence by cause and session length (section 7) and the cost of sessions.
func (o *oracle) Run(paths int, seed uint64, workers int) *oracleResult {
	o.prepare()
	perBlock := (paths + blockCount - 1) / blockCount
	records := make([][]record, blockCount)
	steps := make([]int64, blockCount)
	var wait sync.WaitGroup
	for worker := range workers {
		wait.Go(func() {
			for b := worker; b < blockCount; b += workers {
				rng := rand.New(rand.NewPCG(seed, uint64(b)))
				for range perBlock {
					path, n := o.path(rng)
					for path == nil {
						path, n = o.path(rng)
					}
					records[b] = append(records[b], path...)
					steps[b] += n
				}
			}
		})
	}
	wait.Wait()

	result := &oracleResult{records: records}
	for _, n := range steps {
		result.Steps += n
	}
	plans := len(records[0]) / perBlock
	counted := slices.Contains(o.Failures, model.Refused) // then all sessions count
	for l := range accountCount {
		for plan := range plans {
			for row := range oracleRows {
				mean := func(of func(*record) *books) oracleEstimate {
					return ratio(records, plan, plans, func(r *record) (float64, float64) {
						return o.row(row, of(r), counted)
					})
				}
				weights := mean(func(r *record) *books { return &r.weights[l] })
				tosses := mean(func(r *record) *books { return &r.tosses[l] })
				result.Weights[l][row] = append(result.Weights[l][row], weights)
				result.Tosses[l][row] = append(result.Tosses[l][row], tosses)
			}
			for row := range costRows {
				mean := func(of func(*record) *books) oracleEstimate {
					return ratio(records, plan, plans, func(r *record) (float64, float64) {
						left := float64(of(r)[survivalRow])
						return left * float64(r.cost[row]), left
					})
				}
				weights := mean(func(r *record) *books { return &r.weights[l] })
				tosses := mean(func(r *record) *books { return &r.tosses[l] })
				result.WeightsCosts[l][row] = append(result.WeightsCosts[l][row], weights)
				result.TossesCosts[l][row] = append(result.TossesCosts[l][row], tosses)
			}
		}
	}
	return result
}

// row returns the contribution of a path to the numerator and the denominator of a row. For
// a timer, the causes refused and in-progress of later starts are failures.
func (o *oracle) row(row int, b *books, counted bool) (part, whole float64) {
	started, failure := 1.0, 0.0
	if !counted {
		started -= float64(b[model.Refused] - b[lateRefused])
		failure = float64(b[lateRefused])
	}
	for _, cause := range o.Failures {
		failure += float64(b[cause])
	}
	switch row {
	case failureRow:
		return failure + float64(b[inProgressRow]), started
	case leftRow:
		return float64(b[model.Resigned]), started
	case completionRow:
		return float64(b[survivalRow]), started
	}
	return float64(b[row]), 1
}

// ratio estimates the ratio of two means. Its standard error comes from the
// deviations of the blocks.
func ratio(blocks [][]record, plan, plans int,
	of func(*record) (part, whole float64)) oracleEstimate {
	n := float64(len(blocks))
	parts, wholes := make([]float64, len(blocks)), make([]float64, len(blocks))
	var part, whole, paths float64
	for b, records := range blocks {
		for i := plan; i < len(records); i += plans {
			p, w := of(&records[i])
			parts[b] += p
			wholes[b] += w
			paths++
		}
		part, whole = part+parts[b], whole+wholes[b]
	}
	e := oracleEstimate{Probability: part / whole, Paths: paths}
	squares, farthest := 0.0, 0.0
	for b, records := range blocks {
		squares += math.Pow(parts[b]-e.Probability*wholes[b], 2)
		for i := plan; i < len(records); i += plans {
			p, w := of(&records[i])
			farthest = max(farthest, math.Abs(p-e.Probability*w))
		}
	}
	e.StandardError = math.Sqrt(squares*n/(n-1)) / whole
	if farthest > 0 {
		e.Effective = math.Pow(e.StandardError*whole/farthest, 2)
	}
	return e
}

// CostBelow estimates, for one account, the share of completed sessions whose cost is at
// most x.
func (r *oracleResult) CostBelow(l, plan, quantity int, x float64) oracleEstimate {
	return ratio(r.records, plan, len(r.Weights[l][0]), func(r *record) (float64, float64) {
		left := float64(r.weights[l][survivalRow])
		if float64(r.cost[quantity]) > x {
			return 0, left
		}
		return left, left
	})
}

// BenchmarkPathStep measures a path-step of the oracle on one core with all defaults, for
// comparison with BenchmarkPathStep of package benchmarks.
func BenchmarkPathStep(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		b.Run("session="+session+"/kernel=oracle", func(b *testing.B) {
			s := model.Default()
			o := &oracle{Scenario: s, Session: session, Failures: model.Failures,
				Plans: []float64{float64(s.Session(session).Horizon)}}
			steps := int64(0)
			for b.Loop() {
				steps += o.Run(256, uint64(b.N), 1).Steps
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/path-step")
			b.ReportMetric(0, "ns/op")
		})
	}
}
