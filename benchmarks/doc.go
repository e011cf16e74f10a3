// Package benchmarks measures budget as a whole, one question per file:
//
//	step_test.go       cost of a path-step, by kernel
//	growth_test.go     growth of the cost with paths, horizon and workers; memory
//	answer_test.go     cost of deciding the caps of a session type
//	variants_test.go   many policies on the same paths
//	variance_test.go   gain of each way to draw sessions over 0/1 counts
//	precision_test.go  the same in paths to a cap of a given precision
//	command_test.go    the program, as a whole process
//
// It has only benchmarks. Run them with
//
//	GOEXPERIMENT=simd go test -run '^$' -bench . ./benchmarks
//
// and compare two runs with benchstat. Speed is not tested: a benchmark prints a number to
// compare with another number from the same run. If the number is a ratio, both sides are
// measured in turn.
//
// A path-step is a step of a session up to its end or the longest session length. Most
// path-steps are skipped: a path is not stepped further if nothing can end it any more.
package benchmarks
