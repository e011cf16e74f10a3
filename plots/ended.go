package plots

import (
	"image/color"
	"slices"

	"budget/model"
	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
)

// negligible is the incidence below which a cause is not worth a legend entry.
const negligible = 1e-6

// stackOrder lists the ends from the bottom of a stack to its top. Failures come first, so
// that the magnified panel is the foot of the whole stack; then the ends that are no
// failure, refused starts last; survival fills the rest.
var stackOrder = slices.Concat(model.Failures, slices.DeleteFunc(slices.Clone(model.Ends),
	func(c model.Cause) bool { return c == model.Refused || slices.Contains(model.Failures, c) }),
	[]model.Cause{model.Refused})

// causeColors are Okabe and Ito's colours (jfly.uni-koeln.de/color), some darkened so that
// neighbours in the stack differ in lightness as well as hue, for every kind of colour
// vision and in grey print. Failures are coloured; what is no failure is grey. A cause
// without a colour here has the spare one.
var causeColors = coloured(map[model.Cause]color.NRGBA{
	model.Refused:           {0, 114, 190, 255},
	model.SuppressedThermal: {225, 145, 0, 255},
	model.SuppressedBattery: {0, 84, 56, 255},
	model.SuppressedOther:   {240, 228, 66, 255},
	model.Errored:           {200, 80, 0, 255},
	model.Expired:           {86, 180, 233, 255},
	model.PowerOff:          {60, 20, 60, 255},
	model.Resigned:          {134, 134, 134, 255},
	model.Stopped:           {186, 186, 186, 255},
	model.InProgress:        {230, 160, 200, 255}, // of timers
}, color.NRGBA{150, 70, 130, 255})

func coloured(colors map[model.Cause]color.NRGBA, spare color.NRGBA) map[model.Cause]color.NRGBA {
	for _, cause := range model.Ends {
		if _, ok := colors[cause]; !ok {
			colors[cause] = spare
		}
	}
	return colors
}

// survivalColor fills the share of sessions still running.
var survivalColor = color.NRGBA{238, 238, 238, 255}

// causesOf lists the causes among some that are in a chart, in the order of stacks.
func causesOf(among []model.Cause, in func(model.Cause) bool) []model.Cause {
	return slices.DeleteFunc(slices.Clone(stackOrder), func(cause model.Cause) bool {
		return !slices.Contains(among, cause) || !in(cause)
	})
}

// visible reports whether a curve is anywhere worth a legend entry.
func visible(curve ...estimate.Estimate) bool {
	return slices.ContainsFunc(curve, func(p estimate.Estimate) bool { return p.Value >= negligible })
}

// causeLegend explains the colours of causes.
func causeLegend(causes []model.Cause) (l figure.Legend) {
	for _, cause := range causes {
		l = append(l, figure.PatchEntry(cause.String(), causeColors[cause]))
	}
	return l
}

// split returns the values of a curve and the ends of their intervals.
func split(curve []estimate.Estimate) (value, lower, upper []float64) {
	for _, p := range curve {
		value, lower, upper = append(value, p.Value), append(lower, p.Lower), append(upper, p.Upper)
	}
	return value, lower, upper
}

// causeStack stacks the incidence of causes.
func causeStack(in sweep.Incidence, causes []model.Cause) figure.Stack {
	s := figure.Stack{X: in.Durations}
	for _, cause := range causes {
		s.Areas = append(s.Areas, area(in.Ended[cause], causeColors[cause]))
	}
	return s
}

func area(curve []estimate.Estimate, col color.Color) figure.Area {
	value, _, _ := split(curve)
	return figure.Area{Heights: value, Color: col}
}

// failureCurve is the failure of a user who means to finish.
func failureCurve(in sweep.Incidence) figure.Curve {
	value, lower, upper := split(in.Failure)
	return figure.Curve{X: in.Durations, Y: value, Lower: lower, Upper: upper}
}
