// Package ranking selects the best of many designs by simulation, with a guarantee: ranking and
// selection, by a race on common random numbers.
//
// The value of a design is what its cap is worth: the longest time on a grid up to which its
// failure curve stays within a tolerance ε; or it is a score, the mean of a bounded quantity.
// Of several circumstances it is the worst, or a quantile. Requirements bound other shares of the
// design. The package knows
// designs only by their number; the caller simulates them (Extend) and returns, for a number of
// paths, their curves by replicate. Path p is in replicate p mod 64 for all designs, so that
// differences between designs are known better than the designs themselves.
//
// With probability 1 − α the design chosen is feasible within the zone of every requirement and
// its value is within δ of that of the best feasible design, whatever the configuration.
// Select says how.
//
// References: Kim and Nelson, ACM TOMACS 11 (2001) 251 (elimination on paired differences);
// Andradóttir and Kim, Naval Research Logistics 57 (2010) 403 (feasibility checks); Eckman and
// Henderson, INFORMS J. Computing 34 (2022) 1711 (good selection).
package ranking
