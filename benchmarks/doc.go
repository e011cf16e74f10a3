// Package benchmarks measures budget as a whole: the cost of a path-step, how it
// grows with paths, horizon and workers, what an answer costs and what memory it
// takes. It holds benchmarks alone; run them with
//
//	go test -bench . ./benchmarks
//
// and compare two runs with benchstat. Speed is never a test: a benchmark prints
// a figure, and a reader compares it with another from the same run.
package benchmarks
