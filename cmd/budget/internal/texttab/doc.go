// Package texttab lays out tables for people, in a terminal or as Markdown: columns that
// fit a width, headings across them, cells that span, and little bold and dim. A table that
// is too wide first wraps the columns that may, then leaves out those that can be missed,
// and names them.
//
// It knows text alone: what a cell says is its caller's. Package cli is above it.
package texttab
