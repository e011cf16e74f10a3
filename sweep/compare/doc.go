// Package compare finds what two sweeps, or two plans, differ by: in their inputs, and cell
// by cell in failure and caps, with intervals.
//
// Sides that have simulated the same sessions are compared path by path (common random
// numbers), which resolves much smaller differences.
//
// The package refuses sides whose cells have no counterpart, and runs of caps, which keep
// nothing that could be compared path by path. Below it are plan and store; above it are
// uncertainty, which compares a cap with itself under other values, and cmd/budget.
package compare
