// Package sweep answers the cases of a scenario: it runs the solver over session types,
// devices and environments and turns what the paths say into caps and incidence curves,
// with their provenance.
//
// A Request asks for the cases of one scenario; Run answers it. A Cap and an Incidence are
// the rows of the tables, a Block is what the paths of a case say, enough for caps at any
// tolerance and confidence.
//
// Results are a function of scenario and request alone: no clock, no worker count, no order
// and no interruption changes them, so the same inputs give the same bytes.
//
// The package refuses a request that names what the scenario does not have, before any
// work. It reads and writes no file, knows nothing of terminals and exit codes, and starts
// no process.
//
// Below it are model and solver. Above it are the packages of this directory: table writes
// and reads tables, plan varies a scenario along axes, store keeps a plan's blocks and
// tables in a directory, compare finds what two sides differ by, uncertainty asks what caps
// owe to quantities that nobody knows, starts finds caps by what an app can observe, field
// reads logs of real sessions, and cluster writes the scripts of engines.
package sweep
