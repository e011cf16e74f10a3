// Package solver simulates sessions and answers in two steps:
//
//	scenario ─► Compile ─► paths ─► Estimates ─► Caps
//	            Program    plant,   every        the longest plans that
//	                       rules    incidence    are safe enough
//
// The main functions:
//   - Compile turns a scenario of package model into a Program: a plant (package
//     solver/plant), which steps battery, temperature and load of the watch, and the rules
//     that end sessions on it (package solver/incidence). Programs that differ only in
//     rules share a plant (Program.Under).
//   - Program.Estimates simulates paths (a path is one simulated session) and returns the
//     probability of every cause of an end with intervals. Summaries does so for a thousand
//     programs on one plant, Starts for sessions grouped by what an app observes when they
//     start.
//   - Caps computes caps from estimates and a Question. Program.Answer does both: it adds
//     paths, looks, and stops when every cap is precise enough (answer.go).
//   - Program.Trace and Program.States show single paths and the state of the watch over time.
//
// Zero Settings and a zero Question mean the documented defaults. A misspelt or out-of-range
// value is an error that names the field. An unknown estimate is estimate.Missing, which is
// within no tolerance.
//
// Random numbers depend on the seed, the path, the step and the purpose alone, so results have
// the same bytes for any number of workers. Statistics are in package solver/estimate. The
// package starts goroutines but uses no files, flags, terminal or clock; a deadline comes in
// as a context. Packages sweep and cmd/budget use it.
package solver
