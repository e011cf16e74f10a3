// Package page writes a report as one page of HTML.
//
// Each part of the page is a template, which qtc compiles to the Go file beside it; a test of
// internal/repo repeats that and compares. A value {%s x %} is escaped: it may stand in text and
// in quoted attributes. What is written as it stands, {%s= x %}, is a [report.Markup] or the page's
// own script and style. Tests give every text of a report markup, and find it escaped.
//
// The script and the style in assets are made from web, with npm; a test repeats that and
// compares. They are kept so that the program can be built without it.
package page
