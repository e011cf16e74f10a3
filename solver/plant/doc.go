// Package plant runs paths: what happens to a watch in a session, its cell, temperatures,
// load and noise, a step at a time.
//
//	scenario ─► Compile ─► Plant ─► Kernel ─► History of every path
//
// Compile turns a scenario of package model into constants for a case. A Kernel runs
// paths of the Plant and hands over the History of each: under which conditions it went
// when, and what the physics ended. The random numbers of a path are a function of the
// seed, the path, the step and the purpose alone (Sampler). Trace runs a path with the
// plain functions of package model and keeps every state.
//
// A kernel steps 32 paths side by side (kernel.go). What all of them go through at every
// step is in phases, which exist in three widths with the same operations in the same
// order, hence the same bits: for single numbers (portable.go, where the equations are
// easiest to read) and for vectors of 512 or 256 bits (phases512_amd64.go; built with
// GOEXPERIMENT=simd and used where the processor has them). No kernel steps a path where
// nothing can happen to it any more (skip.go).
//
// The package knows no hazards, limits, readings or estimates, so that one run of the
// plant serves any number of them, and it starts no goroutines. Below it are model and
// solver/random, above it is solver.
package plant
