// Package figure holds what charts are drawn with: texts, colours, ticks, markers, panels
// and curves in one style, and the sheets that they stand on, as SVG, PNG or PDF.
//
// It knows nothing of sessions: package plots decides what a chart shows. Everything is
// measured in points (1/72 inch) before it is drawn, so labels are placed, not hoped for:
// labels.go never lets two of them overlap.
package figure
