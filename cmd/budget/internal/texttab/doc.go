// Package texttab lays out tables for people, in a terminal or as Markdown: columns that
// fit a width, headings across them, cells that span, and a little style. A table that is too
// wide first breaks its titles over lines, then wraps the columns that may be wrapped, then
// folds: the columns without room stand in further blocks below. It leaves nothing out.
//
// It knows text alone: what a cell says is its caller's. Package cli is above it.
package texttab
