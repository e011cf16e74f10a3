// Package table writes and reads the tables of runs and sweeps: caps and incidence curves
// as CSV, Parquet and JSON.
//
// Durations are in seconds, probabilities are parts of 1. Missing values are empty in CSV
// and null in Parquet and JSON; a missing cap is 0.
//
// The package refuses files that are not the tables it writes. Below it is sweep, whose
// rows it writes; above it are plan, store and starts, which add columns of their own, and
// cmd/budget.
package table
