// Package random makes the random draws of a simulated session: words from a counter, and
// uniform, normal, gamma and beta variates from these words.
//
// A draw is a pure function of (seed, path, step, purpose). There is no generator to carry,
// seed, split or lock: Philox maps a key and a counter to four words, and Stream assigns a
// counter to each draw. So any path can be replayed alone, and results do not depend on
// workers, blocks or order. Two scenarios that use the same numbers for the same purposes
// are compared with common random numbers.
//
// Every variate is its quantile function at one uniform number. That takes a fixed number of
// words and is monotone; common random numbers, stratification and quasi-random points need
// both. So rejection methods, such as a ziggurat, are not used.
//
//	words                Philox, Stream.Block
//	uniform on (0, 1)    Uniform32, Uniform53, Stream.Uniform
//	standard normal      Normal (accurate), Normal32 (one word, a draw a step)
//	gamma, beta          Gamma, BetaTable (many draws from one law)
//	quasi-random points  Net, Sobol, Shuffle, Scramble
//	elementary           Exp, ExpSmall, Log
//
// Philox, the uniforms, the normals, Exp and Log give the same bits on every architecture:
// they round products before adding them. Philox and Normal32 have forms for vectors
// (vector_amd64.go, built with GOEXPERIMENT=simd), which follow the same operations and give
// the same bits. Gamma and BetaTable use functions of the standard library and gonum that
// differ between build targets in the last bits. They give the same bits on one target
// (architecture and level, such as GOAMD64) and agree to about 1e-12 between targets.
//
// The caller numbers the purposes. There is no default seed. A uniform number is never 0 or
// 1. The package is not for cryptography.
//
// Package solver uses it to draw sessions; gonum provides the incomplete gamma and beta
// functions.
package random
