// Package live answers questions about a scenario whose assumptions are being moved: one question
// after the other, most of them soon replaced by the next.
//
//	question ─► plant kept from before? ─► rules on its histories ─► Answer      (milliseconds)
//	                  └─ no ─► few paths ─► Answer, coarse ─► more paths ─► Answer, settled
//
// An Engine keeps the plants that were asked for last, with the histories of their paths
// (solver.Kept). A question that differs from an earlier one in rules alone, such as a rate of
// suppression or a tolerance, is read from these. All answers have the same seed and the same
// paths, so that two of them differ by what was moved, and not by chance. A settled answer has the
// same bytes as a run of sweep.Run with its number of paths.
//
// Goroutines may share an engine. One simulation runs at a time, beside it at most one of those
// that take long, and memory is bounded by the number of plants.
package live
