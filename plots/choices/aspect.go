package choices

import (
	"math"
	"strconv"

	"budget/internal/notation"
	"budget/plots/figure"
)

// aspect says how people read a second goal.
type aspect struct {
	title  string
	unit   string  // "" for a share or a plain number
	factor float64 // from SI to the unit
	share  bool
}

var aspects = map[string]aspect{
	"value":    {"value of a minute", "", 1, false},
	"cues":     {"cues per minute", "", 1, false},
	"power":    {"mean power of the watch", "mW", 1000, false},
	"left-out": {"starts below the gate", "", 1, true},
}

// AspectTitle names a second goal in a sentence.
func AspectTitle(name string) string {
	if a, ok := aspects[name]; ok {
		return a.title
	}
	return name
}

// Amount writes how much of a second goal a design has.
func Amount(name string, x float64) string {
	a := aspects[name]
	switch {
	case a.share:
		return notation.Chance(x)
	case a.unit != "":
		return strconv.FormatFloat(a.factor*x, 'f', 1, 64) + " " + a.unit
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

// At says in a sentence at how much of a second goal something is so.
func At(name string, x float64) string {
	switch {
	case name == "cues" && Amount(name, x) == "1":
		return "at 1 cue per minute"
	case name == "cues":
		return "at " + Amount(name, x) + " cues per minute"
	case aspects[name].share:
		return "with " + Amount(name, x) + " of " + AspectTitle(name)
	}
	return "at a " + AspectTitle(name) + " of " + Amount(name, x)
}

// axis returns an axis for amounts of a second goal: logarithmic if they differ more than tenfold.
func axis(name string, lo, hi float64) figure.Scale {
	a := aspects[name]
	title := notation.Sentence(AspectTitle(name))
	if a.unit != "" {
		title += " (" + a.unit + ")"
	}
	if lo > 0 && hi > 10*lo {
		s := figure.Scale{Title: title + ", logarithmic", Lo: lo / 1.25, Hi: hi * 1.25, Log: true}
		for e := math.Floor(math.Log10(s.Lo * max(a.factor, 1))); e <= math.Ceil(math.Log10(s.Hi*
			max(a.factor, 1))); e++ {
			for _, m := range []float64{1, 2, 5} {
				v := m * math.Pow(10, e)
				if at := v / max(a.factor, 1); s.Has(at) {
					s.Ticks = append(s.Ticks, figure.Tick{Value: at,
						Label: strconv.FormatFloat(v, 'g', 6, 64)})
				}
			}
		}
		return s
	}
	pad := 0.06 * (hi - lo)
	if a.share {
		s := figure.Numbers(title+" (%)", lo-pad, hi+pad, 100, 8)
		return s
	}
	return figure.Numbers(title, lo-pad, hi+pad, a.factor, 8)
}
