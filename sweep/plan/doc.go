// Package plan reads plans, TOML files that vary a scenario along axes, and deals their
// cells to units of work.
//
// An Axis is a list of levels: a list, a range, zipped keys, named cases, a design or the
// records of a file. Every combination of levels is a Cell, unless it is excluded. Cells
// that differ in rules alone are a Unit, which shares one run of the plant. A cell's Key is
// the hash of all that its results depend on.
//
// The package refuses plans with anything wrong in them before any work, and reports it all
// at once with places. It runs nothing. Below it are model, sweep and table; above it is
// store, which finds and keeps what a plan asks for.
package plan
