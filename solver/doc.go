// Package solver simulates sessions. It compiles a scenario of package model to
// constants, runs many paths through it and turns them into estimates:
//
//	scenario ─► Compile ─► plant paths ─► endings ─► tallies ─► curves, caps
//
// The plant (plant.go) is what happens to the watch: cell, temperatures, load,
// noise. It knows nothing of hazards or limits and leaves behind the History of
// a path: under which conditions the path went when, and what the physics ended.
// The endings (endings.go) evaluate hazards and the grant on that history, so
// one plant run serves every duration, tolerance and reading at once. Blocks of
// paths add into a Tally, whose sums are integers: any order of merging gives
// the same bytes, hence so does any number of workers.
//
// Kernels (kernel.go) step the plant: the portable one a path at a time, the
// vector one (plant_simd_amd64.go, built with GOEXPERIMENT=simd and used where
// the processor has AVX-512) eight paths to a vector, with the same phases and
// the same bits.
//
// Random numbers (package solver/random) are a function of the seed, the path,
// the step and the purpose alone. Statistics are in package solver/estimate.
// The package starts goroutines but knows no files, flags, terminal or clock: a
// deadline comes in as a context. Packages sweep and cmd/budget are above it.
package solver
