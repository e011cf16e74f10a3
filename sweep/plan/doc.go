// Package plan reads plans and divides their cells into units of work. A plan is a TOML
// file that varies a scenario along axes.
//
// An Axis is a list of levels, from a list, a range, zipped keys, named cases, a design or
// the records of a file. Every combination of levels is a Cell, unless it is excluded.
// Cells that differ only in rules form a Unit and share one run of the plant. A cell's Key
// is the hash of everything that its results depend on.
//
// All mistakes of a plan are reported at once, with their places, before any work. The
// package simulates nothing; package store computes and keeps the blocks of a plan.
package plan
