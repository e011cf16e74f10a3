// Package page tests the report and the live page as their readers get them: as pages that are
// well-formed, and in a browser. The tests run the program, and need Chromium or Chrome, and
// axe-core, which npm ci in plots/report/web installs.
package page
