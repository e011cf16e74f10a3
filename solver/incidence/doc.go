// Package incidence evaluates rules on the histories of paths and sums them to the incidence
// of every cause:
//
//	histories ─► exposures ─► fold ─► Tally ─► Curves    for one policy, any number of paths
//	        └──► timeline ─► batch ──────────► Curves    for a thousand, as many as fit in memory
//
// Terms are the hazards, refusals and grant of a scenario; Rules are the terms under one
// reading (hazards.go, rules.go). An Account takes histories in any order, from any number of
// goroutines: a path counts as a weight or as 0/1 events (law.go, weights.go, counts.go).
// Amounts are integers or exact sums, so accounts have the same bytes for any order and number
// of workers. A Reader reads the curves (curves.go). Where only some paths are followed
// further, a chain continues the curves (chain.go).
//
// The comment of the fold has the recursion, and the fold is plain Go (fold.go). Batches
// compute the same for eight rules at a time (batch.go: what a batch holds; batch_run.go: how
// it goes through time; batch_hazards.go: what hazards do in a step) and are tested against
// it. Both are needed. A batch needs all histories in memory, 100 MB for a quarter of a
// million workouts, and gives the incidence of every cause only at chosen durations. So it
// cannot be used for ten million paths or for a run that adds paths until its caps are decided
// and draws all its curves. A fold can, in constant memory, but its cost is the same again for
// every policy: 200 policies take 2.0 times as long as one with it, and 1.2 times as long with
// batches (benchmarks, Variants and SummarizedVariants).
//
// The package has no confidence, caps or questions. It starts no goroutines; the caller
// spreads the work (Spread).
package incidence
