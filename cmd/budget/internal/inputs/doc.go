// Package inputs reads what commands are given: a scenario or a directory with results,
// the flags that say what to simulate, how to estimate it and on how many processors, and
// makes of them a request, the control of a run and the provenance of its answer.
//
// It checks what is typed and refuses what no scenario could mean; what a scenario itself
// may say is package model's. It is above cli and below every command.
package inputs
