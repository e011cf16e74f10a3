// Package measure turns a log of battery levels into a workload: the mean power with an
// interval.
//
// Read reads a level log, Log.Stretches finds the stretches in which the watch discharged, and
// Estimate turns their levels into a mean power. What it does not know it draws from the
// scenario: capacity and health of the cell, the gauge's rounding, noise and bias. The interval
// is that of the draws. Of does the same for one number, such as 12 % in 45 min. Split
// shares the load of a log out among the states of a column. Write writes the result as
// workloads of a scenario file.
//
// Results depend on the arguments alone. The package uses no terminal, file or clock.
package measure
