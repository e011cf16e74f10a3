// Package escape writes texts that others gave, such as names, paths and sources, so that the
// place they go to shows them and does not obey them: a terminal, Markdown, a spreadsheet.
//
// HTML is escaped by compiled templates, JSON by internal/finite, drawn text by plots/figure; all
// of them show characters that cannot be seen as this package does.
package escape
