package model

// Nearest returns the known word that most resembles a mistyped one, or "". One letter in three
// may be wrong; the catalog's words differ by more.
func Nearest(word string, known []string) string {
	best, distance := "", (len(word)+2)/3+1
	for _, k := range known {
		if len(word)-len(k) >= distance {
			continue // too long to be near: words from the user have any length
		}
		if n := editDistance(word, k); n < distance {
			best, distance = k, n
		}
	}
	return best
}

// editDistance is the Levenshtein distance.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
