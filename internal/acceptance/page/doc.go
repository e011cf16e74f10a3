// Package page tests the report as its readers get it: as a page that is well-formed, and in a
// browser. The tests run the program, and need Chromium or Chrome, and axe-core, which npm ci
// in plots/report/web installs.
package page
