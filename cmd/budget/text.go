package main

import "budget/internal/notation"

// Short names for how the program writes numbers.
var (
	length       = notation.Length
	percent      = notation.Percent
	chance       = notation.Chance
	chanceNumber = notation.ChanceNumber
	count        = notation.Count
)
