package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

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

// toleranceColors tell tolerances apart, smallest first, together with the
// marker shapes. More tolerances than colours start over.
var toleranceColors = []color.NRGBA{
	{0, 90, 160, 255}, {185, 70, 0, 255}, {0, 96, 72, 255}, {160, 80, 130, 255}, {60, 20, 60, 255},
}

// seriesColors tell curves apart, together with their dashes: those of the causes once
// more, without the yellow, which is too light for a line, and a purple.
var seriesColors = []color.NRGBA{
	{0, 114, 190, 255}, {200, 80, 0, 255}, {0, 84, 56, 255}, {60, 20, 60, 255},
	{86, 180, 233, 255}, {225, 145, 0, 255}, {134, 134, 134, 255}, {150, 30, 110, 255},
}

// seriesDashes are of another number than the colours: curves of the same dashes differ
// most in colour.
var seriesDashes = [][]vg.Length{nil, {6, 2}, {2, 1.5}, {8, 2, 2, 2}, {12, 2}}

// sequence runs from short caps to long ones: cividis (Nuñez, Anderson and Renslow 2018),
// whose lightness rises evenly, and looks alike, for every kind of colour vision.
var sequence = []color.NRGBA{
	{0, 32, 77, 255}, {0, 51, 111, 255}, {57, 72, 107, 255}, {87, 92, 109, 255}, {112, 113, 115, 255},
	{138, 135, 121, 255}, {166, 157, 117, 255}, {196, 181, 108, 255}, {228, 207, 91, 255}, {255, 234, 70, 255},
}

// luminance returns the relative luminance of a colour (WCAG 2.2), from 0 to 1.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// along returns the colour of the sequence at a part of its length, from 0 to 1.
func along(part float64) color.NRGBA {
	at := min(max(part, 0), 1) * float64(len(sequence)-1)
	i := min(int(at), len(sequence)-2)
	a, b, w := sequence[i], sequence[i+1], at-float64(i)
	mix := func(u, v uint8) uint8 { return uint8(math.Round(float64(u) + w*(float64(v)-float64(u)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}
