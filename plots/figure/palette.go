package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Neutral colours. Texts are near-black and a grey that still has a contrast
// of 7 to 1 on white.
var (
	White  = color.NRGBA{255, 255, 255, 255}
	Ink    = color.NRGBA{26, 26, 26, 255}
	Muted  = color.NRGBA{85, 85, 85, 255}
	Faint  = color.NRGBA{217, 217, 217, 255}
	Banded = color.NRGBA{246, 246, 246, 255}
)

// SeriesColors tell curves apart, together with their dashes: those of the causes once
// more, without the yellow, which is too light for a line, and a purple.
var SeriesColors = []color.NRGBA{
	{0, 114, 190, 255}, {200, 80, 0, 255}, {0, 84, 56, 255}, {60, 20, 60, 255},
	{86, 180, 233, 255}, {225, 145, 0, 255}, {150, 150, 150, 255}, {180, 50, 120, 255},
}

// SeriesDashes are of another number than the colours: curves of the same dashes differ
// most in colour.
var SeriesDashes = [][]vg.Length{nil, {6, 2}, {2, 1.5}, {8, 2, 2, 2}, {12, 2}}

// sequence runs from short caps to long ones: cividis (Nuñez, Anderson and Renslow 2018),
// whose lightness rises evenly, and looks alike, for every kind of colour vision.
var sequence = []color.NRGBA{
	{0, 32, 77, 255}, {0, 51, 111, 255}, {57, 72, 107, 255}, {87, 92, 109, 255}, {112, 113, 115, 255},
	{138, 135, 121, 255}, {166, 157, 117, 255}, {196, 181, 108, 255}, {228, 207, 91, 255},
	{255, 234, 70, 255},
}

// ordered runs from the first of curves in an order to the last: viridis (van der Walt and Smith
// 2015) as far as it stands out from white.
var ordered = []color.NRGBA{
	{68, 1, 84, 255}, {72, 36, 117, 255}, {65, 68, 135, 255}, {53, 95, 141, 255}, {42, 120, 142, 255},
	{33, 145, 140, 255}, {34, 168, 132, 255},
}

// Ordered returns the colour of a curve at a part of an order, from 0 to 1.
func Ordered(part float64) color.NRGBA { return between(ordered, part) }

// strictness runs from strict tolerances to lax ones: plasma (van der Walt and Smith 2015), as far
// as it stands out from white.
var strictness = []color.NRGBA{
	{13, 8, 135, 255}, {84, 2, 163, 255}, {139, 10, 165, 255}, {185, 50, 137, 255},
	{219, 92, 104, 255}, {232, 112, 70, 255},
}

// luminance returns the relative luminance of a colour (WCAG 2.2), from 0 to 1.
func luminance(c color.NRGBA) float64 {
	r, g, b := linear(float64(c.R)/255), linear(float64(c.G)/255), linear(float64(c.B)/255)
	return 0.2126*r + 0.7152*g + 0.0722*b
}

// Along returns the colour of the sequence at a part of its length, from 0 to 1.
func Along(part float64) color.NRGBA { return between(sequence, part) }

// between returns the colour at a part of the length of a scale, from 0 to 1.
func between(scale []color.NRGBA, part float64) color.NRGBA {
	at := min(max(part, 0), 1) * float64(len(scale)-1)
	i := min(int(at), len(scale)-2)
	a, b, w := scale[i], scale[i+1], at-float64(i)
	mix := func(u, v uint8) uint8 { return uint8(math.Round(float64(u) + w*(float64(v)-float64(u)))) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// Readable returns the colour of text on a colour of the sequence.
func Readable(ground color.NRGBA) color.NRGBA {
	if luminance(ground) > 0.2 {
		return Ink
	}
	return White
}

// Tint mixes a colour with white. Bands are opaque: PDF output multiplies a colour by its
// opacity twice.
func Tint(c color.NRGBA, part float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(math.Round(255 + part*(float64(v)-255))) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}
