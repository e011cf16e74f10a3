// Package estimate turns tallies of simulated paths into probabilities with
// intervals, and probabilities on a grid of times into safe limits.
//
// It is statistics only: it knows paths, blocks, counts, weights and times, and
// nothing of what they stand for. Every function is a pure function of its
// arguments; no function draws a random number.
//
// # What it holds
//
//   - ClopperPearson: the exact interval for a count of 0/1 outcomes.
//   - Moments: the guarded interval for the mean of weights in [0, 1], of which
//     counts are a special case; BlockMeans gathers them with the same bytes in
//     every order of merging.
//   - LookAlpha: the share of the error each look of a sequential run may spend.
//   - InvertCap, LowerOrderIndex and WilksSize: from bounds on a curve to bounds on
//     the time at which it reaches a tolerance.
//   - Quantile and QuantileRank: the quantiles of a sample. QuantileRanks, RobustRank
//     and ClusterVariance: what draws, alone or in clusters, say of their law.
//   - SobolIndices: how much of a function's variance is due to each input.
//   - AalenJohansen: cumulative incidence when some times are censored, with
//     intervals.
//   - GammaRate and FrailRate: what is known of a rate after events and exposure.
//
// # What it assumes
//
// Paths are independent and alike. Points of a quasi-random sequence are not:
// use the means of independent scramblings as the weights there. Bounds are for
// one quantity at a time; a caller that selects among many divides the
// error probability by their number.
//
// # What it refuses
//
// It prints no estimate without an interval, no interval of width zero because
// nothing has been seen yet, and no cap that the data cannot carry.
package estimate
