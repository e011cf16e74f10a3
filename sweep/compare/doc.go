// Package compare finds the differences between two sweeps or two plans: in their inputs,
// and cell by cell in failure and caps, with intervals.
//
// If both sides simulate the same sessions, they are compared path by path (common random
// numbers), which resolves much smaller differences.
//
// Sides without common cells are an error, and so are runs of budget caps, which store
// nothing that can be compared path by path. Package uncertainty uses it to compare a cap
// under different values of a quantity.
package compare
