package estimate

import "math/bits"

// BisectCap finds what InvertCap finds, for numbers 1 to n (the indices of the result are these
// numbers, 0 for none), where the bounds of each number take a simulation of its own. It looks
// at few of them: at first, then at twice as many while they hold, then by bisection. The
// probability must not fall with the number. bounds gets the error probability of each side;
// the error stops the search. UpperIndex is found to a sixteenth of the cap, rounded up.
//
// The numbers looked at depend on the bounds, and that is paid for. Let i be the first number
// whose true probability exceeds the tolerance. If no bound errs, the search takes one fixed
// way, that to i. A bound that errs to the safe side, at a number below i, leads to numbers
// below i only, where no cap is too long. So a cap that is too long takes an error at one of
// the numbers from i on that lie on the fixed way. They are at most as many as the longest way,
// so each spends at most that part of alpha. The same holds for UpperIndex while the bounds grow
// with the number, as they do on common random numbers.
//
// It panics unless 1 <= first <= n.
func BisectCap(n, first int, alpha, tolerance float64,
	bounds func(i int, alpha float64) (Interval, error)) (CapResult, error) {
	if first < 1 || first > n {
		panic("estimate: the first number is not one of those searched")
	}
	alpha /= float64(2 * longestWay(n, first))
	holds, fails, excluded := 0, n+1, n+1
	between := func(below, above int) int {
		if above > n {
			return min(2*below, n) // what is far may be costly
		}
		return (below + above) / 2
	}
	for next := first; next > holds && next < fails; next = between(holds, fails) {
		b, err := bounds(next, alpha)
		if err != nil {
			return CapResult{}, err
		}
		if b.Upper <= tolerance {
			holds = next
		} else {
			fails = next
		}
		if b.Lower > tolerance {
			excluded = next
		}
	}
	const upperPart = 16
	for open := fails; excluded-open > 1+holds/upperPart; { // open and what is below are not excluded
		next := between(open, excluded)
		if next <= open || next >= excluded {
			break
		}
		b, err := bounds(next, alpha)
		if err != nil {
			return CapResult{}, err
		}
		if b.Lower > tolerance {
			excluded = next
		} else {
			open = next
		}
	}
	c := CapResult{Index: holds, UpperIndex: excluded - 1}
	switch {
	case holds == n:
		c.Status = ToHorizon
	case holds > 0:
		c.Status = Met
	case excluded > 1:
		c.Status = Unknown
	default:
		c.Status = Never
	}
	return c, nil
}

// longestWay returns the largest number of numbers that BisectCap looks at for one end.
func longestWay(n, first int) int {
	longest, looks := 0, 0
	for holds, next := 0, first; next > holds; holds, next = next, min(2*next, n) {
		looks++
		longest = max(longest, looks+bits.Len(uint(next-holds-1)))
	}
	return longest
}
