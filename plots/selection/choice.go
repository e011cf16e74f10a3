package selection

import "fmt"

// Choice says what charts are to show. Its zero value is what is most often asked for.
type Choice struct {
	Sessions   []string  // ids; none is all
	Reading    string    // "" is the first of the results
	Tolerances []float64 // none is those of the tables; charts of a single one take the first, or 1 %
	Confidence float64   // 0 is that of the results
	X, Y       string    // columns of the tables, or mean_load_w; "" is the first that vary
	Duration   float64   // of causes and convergence [s]; 0 is the longest that is sensible
	Offers     []float64 // lengths to mark [s]
	Only       []Level   // leave cells at other levels out
}

// Level is a level of a column, as tables or charts write it.
type Level struct{ Column, Value string }

// Unfit says what a choice asks for that the results do not have, and what they do have.
type Unfit struct{ Reason string }

func (u *Unfit) Error() string { return u.Reason }

// Unfitf returns an *Unfit.
func Unfitf(format string, args ...any) error { return &Unfit{fmt.Sprintf(format, args...)} }
