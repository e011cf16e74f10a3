// Package plant runs paths: it steps the cell, temperatures, load and noise of a watch
// through a session.
//
//	scenario ─► Compile ─► Plant ─► Kernel ─► History of every path
//
// Compile turns a scenario of package model into constants for a case. A Kernel runs
// paths of the Plant and returns the History of each: its conditions over time, and
// whether the physics ended it. The random numbers of a path depend on the seed, the
// path, the step and the purpose alone (Sampler). Trace runs a path with the plain
// functions of package model and returns every state.
//
// A kernel steps 32 paths at the same time (kernel.go). The work of every step is in
// phases. They exist in three widths with the same operations in the same order, so they
// give the same bits: for single numbers (portable.go, where the equations are easiest
// to read) and for vectors of 512 or 256 bits (phases512_amd64.go; built with
// GOEXPERIMENT=simd and used if the processor has them). Kernels skip the rest of a path
// that nothing can end any more (skip.go); to find out they look ahead on its random numbers
// (look.go).
//
// The package has no hazards, limits, readings or estimates, so one run of the plant
// serves any number of them. It starts no goroutines.
package plant
