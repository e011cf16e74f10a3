// Package solver simulates sessions. It compiles a scenario of package model to
// constants, runs many paths through it and turns them into estimates:
//
//	scenario ─► Compile ─► plant paths ─► endings ─► tallies ─► curves, caps
//
// A newcomer finds each in one place:
//
//   - The physics and its random numbers: package solver/plant. It knows nothing of
//     hazards or limits and leaves behind the History of a path: under which conditions
//     the path went when, and what the physics ended.
//   - The endings: endings.go evaluates hazards (hazards.go), refusals and the grant on
//     histories, so one plant run serves every duration, tolerance and reading at once,
//     and every program that differs in rules alone (rules.go).
//   - From paths to caps: paths add up in ledgers (ledger.go), as integers, so that any
//     order gives the same bytes, hence so does any number of workers; ledgers fold
//     into tallies (fold.go, tally.go), tallies into estimates and caps (answer.go).
//   - From the same paths to summaries of a thousand programs (summary.go): what happens
//     to paths is laid out once in the order of time (timeline.go) and followed under
//     eight programs' rules side by side (octet.go).
//   - From paths by what an app observes at their start to conditional curves: starts.go.
//
// What is done for many numbers side by side, stepping in package plant, folds and octets
// here, is done once for single numbers and once for vectors (vectors_amd64.go and beside
// it), with the same bits.
//
// Random numbers are a function of the seed, the path, the step and the purpose alone.
// Statistics are in package solver/estimate. The package starts goroutines but knows no
// files, flags, terminal or clock: a deadline comes in as a context. Packages sweep and
// cmd/budget are above it.
package solver
