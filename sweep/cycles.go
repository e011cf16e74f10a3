package sweep

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Cycles are the ends of the cycles of a timer on its clock [s], ascending, with spaces between
// them: of a text, so that cases can be compared. "" stands for single sessions.
type Cycles string

// NewCycles returns the cycles that end at the given positions [s].
func NewCycles(ends []float64) Cycles {
	var parts []string
	for _, end := range ends {
		parts = append(parts, strconv.FormatFloat(end, 'g', 12, 64))
	}
	return Cycles(strings.Join(parts, " "))
}

// Ends returns the ends of the cycles [s].
func (c Cycles) Ends() (ends []float64) {
	for part := range strings.FieldsSeq(string(c)) {
		end, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil
		}
		ends = append(ends, end)
	}
	return ends
}

// Len returns the number of cycles, 0 for single sessions.
func (c Cycles) Len() int { return len(c.Ends()) }

// End returns the end of the last cycle [s], 0 of single sessions.
func (c Cycles) End() float64 {
	ends := append([]float64{0}, c.Ends()...)
	return ends[len(ends)-1]
}

// By returns the number of cycles that end by a position [s].
func (c Cycles) By(position float64) (n int) {
	for _, end := range c.Ends() {
		if end <= position*(1+1e-9) {
			n++
		}
	}
	return n
}

// Reach returns the end of the cycle that a position lies in [s], or before which it lies in a
// rest; of single sessions and after the last cycle the position.
func (c Cycles) Reach(position float64) float64 {
	for _, end := range c.Ends() {
		if end >= position*(1-1e-9) {
			return end
		}
	}
	return position
}

// MarshalJSON writes the ends as a list of numbers.
func (c Cycles) MarshalJSON() ([]byte, error) {
	return []byte("[" + strings.ReplaceAll(string(c), " ", ",") + "]"), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (c *Cycles) UnmarshalJSON(text []byte) error {
	var ends []float64
	err := json.Unmarshal(text, &ends)
	*c = NewCycles(ends)
	return err
}
