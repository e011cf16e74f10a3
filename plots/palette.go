package plots

import (
	"image/color"

	"budget/model"
)

// Neutral colours. Texts are near-black and a grey that still has a contrast
// of 7 to 1 on white.
var (
	white  = color.NRGBA{255, 255, 255, 255}
	ink    = color.NRGBA{26, 26, 26, 255}
	muted  = color.NRGBA{85, 85, 85, 255}
	faint  = color.NRGBA{217, 217, 217, 255}
	banded = color.NRGBA{246, 246, 246, 255}
)

// stackOrder lists the ends from the bottom of a stack to its top. Failures
// come first, so that the magnified panel is the foot of the whole stack; then
// the ends that are no failure; survival fills the rest.
var stackOrder = []model.Cause{model.Refused, model.SuppressedThermal, model.SuppressedBattery,
	model.SuppressedOther, model.Errored, model.Expired, model.PowerOff, model.Resigned, model.Stopped}

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

// toleranceColors tell tolerances apart, smallest first, together with the
// marker shapes. More tolerances than colours start over.
var toleranceColors = []color.NRGBA{
	{0, 90, 160, 255}, {185, 70, 0, 255}, {0, 96, 72, 255}, {160, 80, 130, 255}, {60, 20, 60, 255},
}
