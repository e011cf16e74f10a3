// Package report has the commands that show a directory with results: plot, as charts, and
// report, as one page in HTML, Markdown or PDF.
//
// It refuses to simulate, and to draw what the results lack. Charts and page are those of
// packages plots and plots/report; it stands on cli and inputs, and package main lists its
// commands.
package report
