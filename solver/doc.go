// Package solver simulates sessions and answers in two steps:
//
//		scenario ─► Compile ─► paths ─► Estimates ─► Caps
//		            Program    plant,   every        the longest plans that
//		                       rules    incidence    are safe enough
//
//	  - Compile turns a scenario of package model into a Program: a plant (package
//	    solver/plant), which steps what happens to the watch, and the terms that end sessions
//	    on it (package solver/incidence). Programs that differ in rules alone share a plant
//	    (Program.Under).
//	  - Program.Estimates simulates a number of paths and returns every incidence with its
//	    law. Summaries does so for a thousand programs on one plant, Starts for sessions by
//	    what an app observes when they start.
//	  - Caps is a function of estimates and a Question. Program.Answer composes both: it adds
//	    paths, looks, and stops when every cap is as precise as asked (answer.go).
//	  - Program.Trace and Program.States show single paths and how the watch fares.
//
// Zero Settings and a zero Question mean their documented defaults. What is misspelt or out
// of range is an error that names the field. An estimate that is asked for and not known is
// estimate.Missing, which is within no tolerance.
//
// Random numbers are a function of the seed, the path, the step and the purpose alone, and
// results have the same bytes for any number of workers. Statistics are in package
// solver/estimate. The package starts goroutines but knows no files, flags, terminal or
// clock: a deadline comes in as a context. Packages sweep and cmd/budget are above it.
package solver
