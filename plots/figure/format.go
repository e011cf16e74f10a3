package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// Format is how a chart is laid out and encoded. Its zero value is as high as the chart needs,
// 600 pt wide, and light.
type Format struct {
	Aspect float64 // width by height; 0 is as the chart needs
	Scale  float64 // of the size of what is encoded; 0 is 1
	Theme  Theme
}

// Theme is the ground of a chart.
type Theme int

// The themes.
const (
	Light Theme = iota
	Dark
)

// darkened is a canvas on which every colour has the lightness of the dark theme.
type darkened struct{ vg.Canvas }

func (d darkened) SetColor(c color.Color) {
	d.Canvas.SetColor(InDark(color.NRGBAModel.Convert(c).(color.NRGBA)))
}

// Lightnesses (CIE L*, from 0 to 1) of white and of black in the dark theme.
const (
	darkGround = 0.09
	darkInk    = 0.98
)

// InDark returns a colour of the dark theme. It keeps the hue and turns the lightness round, so
// that what can be told apart in the light can be told apart in the dark, too; what screens do
// not show loses chroma.
func InDark(c color.NRGBA) color.NRGBA {
	l, a, b := toLab(c)
	l = darkInk - (darkInk-darkGround)*l
	for part := 1.0; ; part -= 0.02 {
		if out, ok := fromLab(l, part*a, part*b); ok || part <= 0 {
			out.A = c.A
			return out
		}
	}
}

// The transfer function of sRGB and its inverse.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func encoded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// toLab returns the CIE L*a*b* coordinates (D65) of a colour, by 100.
func toLab(c color.NRGBA) (l, a, b float64) {
	red, green, blue := linear(float64(c.R)/255), linear(float64(c.G)/255), linear(float64(c.B)/255)
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*red + 0.3576*green + 0.1805*blue) / 0.9505)
	y := f(0.2126*red + 0.7152*green + 0.0722*blue)
	z := f((0.0193*red + 0.1192*green + 0.9505*blue) / 1.089)
	return 1.16*y - 0.16, 5 * (x - y), 2 * (y - z)
}

// fromLab returns the colour of coordinates; ok is false if a screen does not show it.
func fromLab(l, a, b float64) (c color.NRGBA, ok bool) {
	f := func(t float64) float64 {
		if t > 6.0/29 {
			return t * t * t
		}
		return (116*t - 16) * 27 / 24389
	}
	up := (l + 0.16) / 1.16
	x, y, z := 0.9505*f(up+a/5), f(up), 1.089*f(up-b/2)
	ok = true
	channel := func(v float64) uint8 {
		v = encoded(v)
		ok = ok && v > -0.002 && v < 1.002
		return uint8(math.Round(255 * min(max(v, 0), 1)))
	}
	c = color.NRGBA{channel(3.2406*x - 1.5372*y - 0.4986*z), channel(-0.9689*x + 1.8758*y + 0.0415*z),
		channel(0.0557*x - 0.2040*y + 1.0570*z), 255}
	return c, ok
}
