// Package plots draws the two charts a planner reads: how the sessions of one
// type end as their planned duration grows (IncidenceChart), and how long a
// session of each type may be (CapsChart).
//
// It takes result tables of package sweep and returns a Chart, which saves
// itself as PNG, SVG or PDF. The same table always gives the same bytes on one
// architecture. It computes no probabilities: what is not in the table is not
// in the chart. Tables that contradict themselves are refused with an error
// that says where.
//
// Everything is measured in points (1/72 inch) before it is drawn, so labels
// are placed, not hoped for: labels.go never lets two of them overlap.
package plots
