// Package field fits hazard rates to logs of real sessions, and checks whether the model agrees
// with them.
//
// Read reads a log by package sessionlog and sums up its sessions. Observe estimates how sessions
// end; sessions that reached their planned length are censored. Fit finds the posterior of every
// hazard rate that a log has data on, FitLaws that of what else carries the cap: Low Power Mode,
// refusals, start levels, load and frailty. Scenario puts both into a scenario, and Check compares
// a scenario's predictions with the observed sessions. Simulate makes logs of simulated sessions,
// for tests.
//
// Results depend on the arguments alone. The package uses no terminal, file or
// clock.
package field
