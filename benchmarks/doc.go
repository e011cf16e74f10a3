// Package benchmarks measures budget as a whole, one file a question:
//
//	step_test.go       what a path-step costs, by kernel
//	growth_test.go     how cost grows with paths, horizon and workers; memory
//	answer_test.go     what it costs to decide the caps of a session type
//	variants_test.go   many policies on the same paths
//	variance_test.go   what each way to draw sessions gains over 0/1 counts
//	precision_test.go  the same in paths to a cap of a given precision
//	command_test.go    the program, as a whole process
//
// It holds benchmarks alone; run them with
//
//	GOEXPERIMENT=simd go test -run '^$' -bench . ./benchmarks
//
// and compare two runs with benchstat. Speed is never a test: a benchmark prints a
// figure, and a reader compares it with another from the same run. Where the figure
// is a ratio, both sides are measured in turn.
//
// A path-step is a step of a session up to its end or the longest session length.
// Most are skipped: the rest of a path is not stepped when nothing can end it any
// more.
package benchmarks
