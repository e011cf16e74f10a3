// Package repo tests the repository as a whole: the commands on its pages print what the pages
// show (pages_test.go), packages import only what the table of the design allows
// (imports_test.go), and files meet the rules for content, size and width (files_test.go).
//
// It contains only tests and imports no other package of the module.
package repo
