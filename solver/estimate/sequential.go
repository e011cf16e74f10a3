package estimate

// LookAlpha returns the part of an error probability alpha that look k = 1, 2, …
// at a growing sample may spend, alpha/(k(k+1)).
//
// A run that stops when its interval satisfies it picks the moment, and an
// interval picked from many is wrong more often than each of them: looking every
// 1000 paths at a probability of 1 %, a 95 % interval misses 11 % of the time
// within 5 looks and 34 % within 100. Since
//
//	Σ_{k≥1} 1/(k(k+1)) = 1,
//
// intervals made with LookAlpha(alpha, k) at look k are all right together with
// probability 1 − alpha, whenever the run stops and for whatever reason, because
// the chance that any of them is wrong is at most the sum of the chances. No
// number of looks has to be fixed beforehand. Sizes that double from look to
// look keep k small: the tenth look, at 512 times the first size, has z = 3.5
// in place of 2.0.
//
// LookAlpha panics if k < 1.
func LookAlpha(alpha float64, k int) float64 {
	if k < 1 {
		panic("estimate: looks count from 1")
	}
	return alpha / (float64(k) * float64(k+1))
}
