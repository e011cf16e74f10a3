// Package random makes the random draws of a simulated session: words from a counter, and
// from them uniform, normal, gamma and beta variates.
//
// A draw is a pure function of (seed, path, step, purpose). There is no generator to carry,
// seed, split or lock: Philox maps a key and a counter to four words, and Stream says which
// counter belongs to which draw. So any path can be replayed alone, a result does not depend
// on workers, blocks or order, and two scenarios that use the same numbers for the same
// purposes are compared with common random numbers.
//
// Every variate is its quantile function at one uniform number. That takes a fixed number of
// words, and it is monotone, which common random numbers, stratification and quasi-random
// points need. Rejection methods, such as a ziggurat, are refused for that reason.
//
//	words                Philox, Stream.Block
//	uniform on (0, 1)    Uniform32, Uniform53, Stream.Uniform
//	standard normal      Normal (accurate), Normal32 (one word, a draw a step)
//	gamma, beta          Gamma, BetaTable (many draws from one law)
//	quasi-random points  Net, Sobol, Shuffle, Scramble
//	elementary           Exp, ExpSmall, Log
//
// Philox, the uniforms, the normals, Exp and Log give the same bits on every architecture:
// they do not fuse products into sums. Philox and Normal32 have forms for vectors
// (vector_amd64.go, built with GOEXPERIMENT=simd), which follow the same operations and give
// the same bits. Gamma and BetaTable rest on the standard library's and gonum's functions,
// which differ between build targets in the last bits: theirs are the same bits for one
// target (architecture and level, such as GOAMD64) and agree to within about 1e-12 across.
//
// What the package does not do: it does not know what a purpose is (the caller numbers
// them), it has no default seed, and it never yields 0 or 1 as a uniform number. It is not
// for cryptography.
//
// Above it is solver, which draws sessions; below it is gonum, for the incomplete gamma and
// beta functions.
package random
