// Package estimate turns tallies of simulated paths into probabilities with
// intervals, and probabilities on a grid of times into safe limits.
//
// It is statistics only: it knows paths, blocks, counts, weights and times, but no
// watch. Every function is a pure function of its arguments; none draws a random
// number.
//
// # Contents
//
//   - ClopperPearson: the exact interval for a count of 0/1 outcomes.
//   - Moments: the guarded interval for the mean of weights in [0, 1] (0/1 outcomes
//     are a special case). BlockMeans sums weights with the same bytes in every order
//     of merging.
//   - LookAlpha: how much of the error probability each look of a sequential run may
//     spend.
//   - InvertCap, LowerOrderIndex and WilksSize: from bounds on a curve to bounds on
//     the time at which it reaches a tolerance.
//   - Quantile and QuantileRank: the quantiles of a sample. QuantileRanks, RobustRank
//     and ClusterVariance: bounds on the quantiles and the mean of the law of draws,
//     single or in clusters.
//   - SobolIndices: how much of a function's variance is due to each input.
//   - AalenJohansen: cumulative incidence when some times are censored, with
//     intervals.
//   - GammaRate and FrailRate: the posterior of a rate after events and exposure.
//
// # What it assumes
//
// Paths are independent and identically distributed. Points of a quasi-random
// sequence are not: use the means of independent scramblings as the weights there.
// Bounds are for one quantity at a time; a caller that selects among many divides the
// error probability by their number.
//
// # What it refuses
//
// It gives no interval of width zero because no event has been seen yet, and no cap
// that the data do not support.
package estimate
