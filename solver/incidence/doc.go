// Package incidence evaluates rules on the histories that paths of a plant leave, and adds
// them up to the incidence of every cause:
//
//	histories ─► exposures ─► fold ─► Tally ─► Curves    for one policy, any number of paths
//	        └──► timeline ─► batch ──────────► Curves    for a thousand, as many as fit in memory
//
// Terms are what a scenario says of hazards, refusals and the grant; Rules are they under
// one reading (hazards.go, rules.go). An Account takes histories in any order, from any
// number of goroutines: a path counts as a weight or as 0/1 events (law.go, weights.go,
// counts.go). Amounts are integers or sums that are exact, so accounts have the same bytes
// for any order, hence for any number of workers. A Reader reads the curves (curves.go);
// where some paths are followed further than others, a chain continues them (chain.go).
//
// The recursion stands above the fold in plain Go (fold.go). Batches do the same for eight
// rules at a time (batch.go), and are tested against it. Both are kept. A batch needs all
// histories at hand, 100 MB for a quarter of a million workouts, and gives the incidence of
// every cause at chosen durations alone, so it cannot serve ten million paths, nor a run
// that adds paths until its caps are decided and draws all its curves. A fold does, in the
// same room for any number of paths, but costs as much again for every policy: 200 policies
// take 2.0 times as long as one with it, and 1.2 times as long with batches (benchmarks,
// Variants and SummarizedVariants).
//
// The package knows nothing of confidence, caps or questions, and starts no goroutines: it
// is told how to spread work (Spread). Package plant is below it, package solver above.
package incidence
