// Package fit has the commands for logs of sessions: fit compares a log with a scenario and
// fits hazard rates to it, log simulates one.
//
// Rows are never repaired: malformed and contradictory ones are listed and left out
// (package sweep/field). Package main lists the commands.
package fit
