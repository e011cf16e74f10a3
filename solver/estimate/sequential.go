package estimate

// LookAlpha returns the part of an error probability alpha that look k = 1, 2, …
// at a growing sample may spend: alpha/(k(k+1)).
//
// A run that stops when its interval is narrow enough selects one of many
// intervals, and the selected one is wrong more often than each of them. Looking
// every 1000 paths at a probability of 1 %, a 95 % interval misses 11 % of the
// time within 5 looks and 34 % within 100. Since
//
//	Σ_{k≥1} 1/(k(k+1)) = 1,
//
// the intervals made with LookAlpha(alpha, k) at look k are all correct together
// with probability 1 − alpha (union bound), whenever the run stops and for
// whatever reason. The number of looks need not be fixed beforehand. Doubling
// the sample from look to look keeps k small: the tenth look, at 512 times the
// first size, has z = 3.5 instead of 2.0.
//
// LookAlpha panics if k < 1.
func LookAlpha(alpha float64, k int) float64 {
	if k < 1 {
		panic("estimate: looks count from 1")
	}
	return alpha / (float64(k) * float64(k+1))
}
