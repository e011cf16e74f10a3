// Package sweep runs many cases of a scenario and keeps their results as
// tables: caps and incidence curves, with their provenance. It is the only
// package that knows both what a scenario means and how it is solved; package
// solver simulates for it, and packages plots and cmd/budget read its tables.
//
// A Request asks for the cases of one scenario, answered by Run. A Plan varies a
// scenario along axes, each a list of levels; every combination is a Cell. Cells
// that differ in rules alone are a Unit, which shares one run of the plant.
// What a unit's paths say of a cell is a block, kept in a Journal under the hash
// of all that it depends on; a Store is the directory of a sweep, a Shard a part
// of its units that may be found elsewhere, and a Comparison what two sweeps or
// plans differ by.
//
// Starts are caps by what an app can observe when a session starts, pooled where paths are
// few, beside one cap for everyone.
//
// Uncertainty, Sensitivity and Breakpoint say what a cap owes to quantities that are not known
// (Unknown): how caps lie over all of them, which move it most, and where a plan fails.
//
// The tables are a function of scenario and request, or plan, alone: no clock,
// no worker count, no order and no interruption changes them, so the same inputs
// give the same bytes.
//
// The package refuses plans with anything wrong in them before any work, and
// reports it all at once with places; journals of other versions unless told;
// parts that are foreign or damaged. It knows nothing of terminals and exit
// codes, and starts no process.
package sweep
