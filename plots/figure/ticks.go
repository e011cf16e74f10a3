package figure

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"budget/internal/notation"
)

// Durations returns an axis from 0 to a duration [s]; its unit stands after the title.
func Durations(title string, hi float64) Scale {
	name, unit := "minutes", 60.0
	if hi < 120 {
		name, unit = "seconds", 1
	}
	s := Scale{Title: title + " (" + name + ")", Hi: hi}
	step := durationStep(hi/unit) * unit
	for i := 0.0; i*step <= hi*(1+1e-9); i++ {
		s.tick(i*step, strconv.FormatFloat(i*step/unit, 'g', 6, 64))
	}
	return s
}

func (s *Scale) tick(at float64, label string) {
	s.Ticks = append(s.Ticks, Tick{Value: at, Label: label})
}

// Bare returns the scale without labels.
func (s Scale) Bare() Scale {
	s.Title, s.Ticks = "", slices.Clone(s.Ticks)
	for i := range s.Ticks {
		s.Ticks[i].Label = ""
	}
	return s
}

// durationStep returns the first round number of minutes or seconds that cuts a span into
// at most eight.
func durationStep(span float64) float64 {
	steps := []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240}
	for _, s := range steps {
		if span/s <= 8 {
			return s
		}
	}
	last := steps[len(steps)-1]
	return last * math.Ceil(span/(8*last))
}

// RoundMinutes returns the first round duration [s] that cuts a span [s] into at most eight.
func RoundMinutes(span float64) float64 { return durationStep(span/60) * 60 }

// Shares returns an axis of probabilities from 0 to hi, with at most six ticks in per cent.
func Shares(title string, hi float64) Scale {
	s := Scale{Title: title, Hi: hi}
	span := 100 * hi
	step := math.Pow(10, math.Floor(math.Log10(span/5)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if span/(step*m) <= 5.0001 {
			step *= m
			break
		}
	}
	for i := 0.0; i*step <= span*(1+1e-9); i++ {
		s.tick(i*step/100, strconv.FormatFloat(i*step, 'g', 4, 64)+" %")
	}
	return s
}

// RoundUp returns the next number with a short decimal form.
func RoundUp(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if v <= power*m*(1+1e-9) {
			return power * m
		}
	}
	return 10 * power
}

// LogDurations returns a logarithmic axis of durations [s] on a panel of the given width:
// round durations, with labels where there is room. The roundest get theirs first.
func LogDurations(title string, lo, hi float64, width vg.Length) Scale {
	roundest := []float64{1, 10, 60, 600, 1800, 3600, 7200, 14400, 28800, 86400}
	round := []float64{2, 5, 20, 30, 120, 300, 1200, 43200}
	const gap = 6
	s := Scale{Title: title, Lo: lo, Hi: hi, Log: true}
	var taken []Interval
	for _, v := range slices.Concat(roundest, round) {
		if !s.Has(v) {
			continue
		}
		label := notation.Length(v)
		if v >= 3600 {
			label = strconv.FormatFloat(v/3600, 'g', 4, 64) + " h"
		}
		at, half := width*vg.Length(s.Part(v)), Label.Width(label)/2+gap/2
		room := Interval{at - half, at + half}
		if slices.ContainsFunc(taken, room.touches) {
			label = ""
		} else {
			taken = append(taken, room)
		}
		s.tick(v, label)
	}
	return s
}

// Decades returns a logarithmic axis with a label for every power of ten, and none for what
// lies between.
func Decades(title string, lo, hi float64, label func(float64) string) Scale {
	s := Scale{Title: title, Lo: lo, Hi: hi, Log: true}
	last := int(math.Ceil(math.Log10(hi) - 1e-9))
	for e := int(math.Floor(math.Log10(lo) + 1e-9)); e <= last; e++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow10(e)
			switch {
			case v < lo*(1-1e-9) || v > hi*(1+1e-9):
			case m == 1:
				s.tick(v, label(v))
			default:
				s.tick(v, "")
			}
		}
	}
	return s
}

// Numbers returns an axis with about n round numbers, which are written with no more digits
// than they need and are a factor times the values of the axis.
func Numbers(title string, lo, hi, factor float64, n int) Scale {
	s := Scale{Title: title, Lo: lo, Hi: hi}
	lo, hi = lo*factor, hi*factor
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (hi-lo)/(step*m) <= float64(n) {
			step *= m
			break
		}
	}
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step; i++ {
		s.tick(i*step/factor, strconv.FormatFloat(i*step+0, 'g', 6, 64))
	}
	return s
}
