// Package completion writes the scripts by which shells complete commands, flags and ids.
//
// Each shell has a template, which qtc compiles to the Go file beside it; a test of internal/repo
// repeats that and compares. Values stand there as they are, {%s= x %}, in the quotation marks of
// their shell.
package completion
