// Package plots draws the charts a planner reads: how the sessions of one type end as
// their planned duration grows (IncidenceChart), how long a session of each type may be
// (CapsChart), and the other kinds that Kinds lists.
//
// Draw makes the charts of a kind from the results that budget caps or budget sweep left
// in a directory; a function for each kind makes one from plain tables. They return a
// Chart, which encodes itself as PNG, SVG or PDF. The same table always gives the same
// bytes on one architecture. Nothing is simulated and nothing is interpolated beyond what
// tables and curves hold. Tables that contradict themselves are refused with an error that
// says where.
//
// Each kind is one file, with its name, what it takes from the results, its checks and its
// drawing, and one row of the table in kinds.go. Package figure, below, has the means of
// drawing; package report, above, sets charts in a page.
package plots
