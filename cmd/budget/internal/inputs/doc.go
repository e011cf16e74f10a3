// Package inputs reads the inputs of commands: a scenario or a directory with results,
// and the flags that say what to simulate, how to estimate it and on how many processors.
// It turns them into a request, the control of a run and the provenance of its answer.
//
// It checks arguments and flags; package model checks the contents of scenarios.
package inputs
