// Package sweep runs many cases of a scenario and keeps their results as
// tables: caps and incidence curves, with their provenance, and the CSV and JSON
// forms of each. It is the only package that knows both what a scenario means
// and how it is solved; package solver simulates one case at a time for it, and
// packages plots and cmd/budget read its tables.
//
// The tables are a function of scenario and request alone: no clock, no worker
// count and no machine appears in them, so the same inputs give the same bytes.
package sweep
