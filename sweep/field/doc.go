// Package field is evidence from the field: a log of real sessions, what it says
// of hazard rates, and whether the model agrees with it.
//
// Read reads a log, a CSV file with a row for every session, and judges every
// row: malformed ones, duplicates and contradictions are remarks with their
// places, and nothing is dropped without one. Observe says how the sessions
// ended, with those that reached their plan as censored. Fit finds the
// posterior of every hazard rate that such a log can tell of, WriteScenario
// writes it as a scenario, and Check compares what a scenario predicts with what
// was observed. Simulate makes logs of the model's own sessions, to test all of
// it.
//
// Everything is a function of its arguments. The package knows nothing of
// terminals, files and the clock; package cmd/budget is above it, packages
// solver and model are below.
package field
