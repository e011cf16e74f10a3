// Package sweep answers the cases of a scenario: it runs the solver over session types,
// devices and environments and makes caps and incidence curves with their provenance.
//
// A Request asks for cases of one scenario; Run answers it. A Cap and an Incidence are rows
// of the tables. A Block holds the estimates of a case, enough for caps at any tolerance
// and confidence.
//
// Results depend on scenario and request alone, not on clock, workers, order or
// interruptions: the same inputs give the same bytes.
//
// A request that names something the scenario does not have is an error before any work.
// The package uses no files, terminals or processes.
//
// It uses model and solver. The packages below this directory use it: table writes and
// reads tables, plan varies a scenario along axes, store keeps a plan's blocks and tables
// in a directory, compare finds the differences between two sweeps, uncertainty finds how
// caps depend on uncertain inputs, starts finds caps by what an app can observe, field
// reads logs of real sessions, and cluster writes scripts for Slurm, AWS Batch and
// Kubernetes.
package sweep
