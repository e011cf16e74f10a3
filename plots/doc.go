// Package plots draws the charts a planner reads: how the sessions of one type
// end as their planned duration grows (IncidenceChart), how long a session of
// each type may be (CapsChart), and seven kinds more, which Kinds lists.
//
// Draw makes the charts of a kind of what budget caps or budget sweep has left
// in a directory; a function for each kind makes one from plain tables. They
// return a Chart, which saves itself as PNG, SVG or PDF. The same table always
// gives the same bytes on one architecture. Nothing is simulated and nothing
// made up between: what the tables and curves do not tell is not in the chart.
// Tables that contradict themselves are refused with an error that says where.
//
// Everything is measured in points (1/72 inch) before it is drawn, so labels
// are placed, not hoped for: labels.go never lets two of them overlap.
package plots
