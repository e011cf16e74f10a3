package figure

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"budget/internal/notation"
)

// DurationTicks returns the ticks of a linear axis from 0 to hi [s] and the
// unit of their labels.
func DurationTicks(hi float64) (ticks []plot.Tick, unit string) {
	unit, scale := "minutes", 60.0
	if hi < 120 {
		unit, scale = "seconds", 1
	}
	step := NiceStep(hi/scale, []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240}) * scale
	for i := 0.0; i*step <= hi*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: strconv.FormatFloat(i*step/scale, 'g', 6, 64)})
	}
	return ticks, unit
}

// NiceStep returns the first of the steps that cuts the range into at most
// eight, or a multiple of the last one that does.
func NiceStep(span float64, steps []float64) float64 {
	for _, s := range steps {
		if span/s <= 8 {
			return s
		}
	}
	last := steps[len(steps)-1]
	return last * math.Ceil(span/(8*last))
}

// ShareTicks returns the ticks of an axis of probabilities from 0 to hi, in
// per cent, at most six of them.
func ShareTicks(hi float64) []plot.Tick {
	span := 100 * hi
	step := math.Pow(10, math.Floor(math.Log10(span/5)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if span/(step*m) <= 5.0001 {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := 0.0; i*step <= span*(1+1e-9); i++ {
		ticks = append(ticks, plot.Tick{Value: i * step / 100, Label: strconv.FormatFloat(i*step, 'g', 4, 64) + " %"})
	}
	return ticks
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

// LogTicks returns the ticks of a logarithmic axis of durations [s] of the
// given width: round durations, with labels where there is room. The roundest
// get theirs first.
func LogTicks(lo, hi float64, width vg.Length) []plot.Tick {
	roundest := []float64{1, 10, 60, 600, 1800, 3600, 7200, 14400, 28800, 86400}
	round := []float64{2, 5, 20, 30, 120, 300, 1200, 43200}
	const gap = 6
	var ticks []plot.Tick
	var taken []Interval
	for _, v := range slices.Concat(roundest, round) {
		if v < lo || v > hi {
			continue
		}
		label := notation.Length(v)
		if v >= 3600 {
			label = strconv.FormatFloat(v/3600, 'g', 4, 64) + " h"
		}
		at := width * vg.Length(math.Log(v/lo)/math.Log(hi/lo))
		half := TextWidth(label, LabelSize)/2 + gap/2
		room := Interval{at - half, at + half}
		if slices.ContainsFunc(taken, func(t Interval) bool { return t.Lo < room.Hi && room.Lo < t.Hi }) {
			label = ""
		} else {
			taken = append(taken, room)
		}
		ticks = append(ticks, plot.Tick{Value: v, Label: label})
	}
	return ticks
}

// DecadeTicks returns the ticks of a logarithmic axis: a label for every power of ten,
// and none for what lies between.
func DecadeTicks(lo, hi float64, label func(float64) string) []plot.Tick {
	var ticks []plot.Tick
	for e := int(math.Floor(math.Log10(lo) + 1e-9)); e <= int(math.Ceil(math.Log10(hi)-1e-9)); e++ {
		for m := 1; m < 10; m++ {
			v := float64(m) * math.Pow10(e)
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if m == 1 {
				t.Label = label(v)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

// EvenTicks returns round numbers from lo to hi, about n of them, written with
// no more digits than they need.
func EvenTicks(lo, hi float64, n int) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (hi-lo)/(step*m) <= float64(n) {
			step *= m
			break
		}
	}
	var ticks []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step; i++ {
		ticks = append(ticks, plot.Tick{Value: i * step, Label: strconv.FormatFloat(i*step+0, 'g', 6, 64)})
	}
	return ticks
}

// Unlabelled returns ticks without their labels.
func Unlabelled(ticks []plot.Tick) []plot.Tick {
	out := slices.Clone(ticks)
	for i := range out {
		out[i].Label = ""
	}
	return out
}
