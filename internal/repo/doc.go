// Package repo holds the tests that keep the front of the repository true: the
// commands that its pages show print what the pages say (pages_test.go), packages
// import what the table of the design allows (imports_test.go), and no file
// carries what a repository should not (files_test.go).
//
// It has no code of its own and imports no other package of the module.
package repo
