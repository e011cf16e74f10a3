package estimate

import "gonum.org/v1/gonum/stat/distuv"

// Homogeneity returns the p-value of Pearson's chi-squared test of whether groups share one
// probability: events[i] of trials[i] in group i. It is 1 for a single group, and where no trial
// or every one has the event. It panics if the slices differ in length.
func Homogeneity(events, trials []int64) float64 {
	if len(events) != len(trials) {
		panic("estimate: events and trials differ in length")
	}
	n, k := 0.0, 0.0
	for i := range events {
		k, n = k+float64(events[i]), n+float64(trials[i])
	}
	if k == 0 || k == n {
		return 1
	}
	share, sum, groups := k/n, 0.0, 0
	for i := range events {
		if trials[i] == 0 {
			continue
		}
		groups++
		expected := share * float64(trials[i])
		off := float64(events[i]) - expected
		sum += off * off / (expected * (1 - share))
	}
	if groups < 2 {
		return 1
	}
	return ChiSquaredAbove(sum, groups-1)
}

// ChiSquaredAbove returns the probability that a chi-squared variable is above x. It panics
// unless there is a degree of freedom.
func ChiSquaredAbove(x float64, degrees int) float64 {
	if degrees < 1 {
		panic("estimate: no degree of freedom")
	}
	return distuv.ChiSquared{K: float64(degrees)}.Survival(max(x, 0))
}
