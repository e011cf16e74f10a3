// Package table writes and reads the tables of runs and sweeps: caps and incidence curves
// as CSV, Parquet and JSON.
//
// Durations are in seconds, probabilities are parts of 1. Missing values are empty in CSV
// and null in Parquet and JSON; a missing cap is 0.
//
// Reading any file that is not such a table is an error. Packages plan, store and starts
// add their own columns.
package table
