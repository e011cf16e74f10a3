// Package plant runs paths: what happens to a watch in a session, the cell, the
// temperatures, the load and the noise, a step at a time.
//
// Compile turns a scenario of package model into constants for a case. A Kernel runs
// paths of the Plant and hands over the History of each: under which conditions it went
// when, and what the physics ended. The random numbers of a path are a function of the
// seed, the path, the step and the purpose alone (Sampler). Trace runs a path with the
// plain functions of package model and keeps every state.
//
// The portable kernel goes a path at a time; the vector ones (built with
// GOEXPERIMENT=simd and used where the processor has AVX-512 or AVX2) eight paths side by
// side, with the same phases and the same bits. No kernel steps a path where nothing can
// happen to it any more (settle.go).
//
// The package knows nothing of hazards, limits or estimates, so that one run of the plant
// serves any number of them, and it starts no goroutines. Package solver is above it.
package plant
