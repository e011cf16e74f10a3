package plots

import (
	"image/color"
	"slices"

	"budget/model"
)

// negligible is the incidence below which a cause is not worth a legend entry.
const negligible = 1e-6

// stackOrder lists the ends from the bottom of a stack to its top. Failures
// come first, so that the magnified panel is the foot of the whole stack; then
// the ends that are no failure; survival fills the rest.
var stackOrder = slices.Concat(model.Failures, slices.DeleteFunc(slices.Clone(model.Ends),
	func(c model.Cause) bool { return slices.Contains(model.Failures, c) }))

// causeColors are Okabe and Ito's colours (jfly.uni-koeln.de/color), some
// darkened so that neighbours in the stack differ in lightness as well as hue,
// for every kind of colour vision and in grey print. Failures are coloured;
// what is no failure is grey.
var causeColors = map[model.Cause]color.NRGBA{
	model.Refused:           {0, 114, 190, 255},
	model.SuppressedThermal: {225, 145, 0, 255},
	model.SuppressedBattery: {0, 84, 56, 255},
	model.SuppressedOther:   {240, 228, 66, 255},
	model.Errored:           {200, 80, 0, 255},
	model.Expired:           {86, 180, 233, 255},
	model.PowerOff:          {60, 20, 60, 255},
	model.Resigned:          {134, 134, 134, 255},
	model.Stopped:           {186, 186, 186, 255},
}

// survivalColor fills the share of sessions still running.
var survivalColor = color.NRGBA{238, 238, 238, 255}
