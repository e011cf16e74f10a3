package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"budget/model/document"
)

// The quantities of the model. Values are in SI units; text has a unit. A Temperature is a point
// on the Celsius scale, a TemperatureDifference the distance between two: text in degC is not
// valid for the second, text in K not for the first.
type (
	Number                float64 // dimensionless: a share, factor or level
	Duration              float64 // [s]
	Rate                  float64 // [1/s]
	Charge                float64 // [C]
	Voltage               float64 // [V]
	Power                 float64 // [W]
	Temperature           float64 // [degC]
	TemperatureDifference float64 // [K]
	ResistanceCharge      float64 // resistance times capacity [ohm C]
	MolarEnergy           float64 // [J/mol]
	EntropyCoefficient    float64 // [V/K]
	ThermalResistance     float64 // [K/W]
	ThermalConductance    float64 // [W/K]
	HeatCapacity          float64 // [J/K]
	Area                  float64 // [m2]
	Irradiance            float64 // [W/m2]
)

// quantity is implemented by every type above.
type quantity interface{ kind() *Kind }

// Kind is a kind of quantity: its dimension and how its values are read and written.
type Kind struct {
	name    string    // with its article
	example string    // one well-written value
	dim     dimension // exponents of the base units
	celsius bool      // a point on the Celsius scale
	column  string    // unit of columns of tables
}

// The kinds of parameters that are not quantities.
var (
	kindWord = &Kind{name: "a word"}
	kindBool = &Kind{name: "true or false"}
)

// dimension holds the exponents of kg, m, s, A, K and mol.
type dimension [6]int8

var (
	KindNumber             = newKind("", "a plain number or a percentage", `0.12 or "12 %"`)
	KindDuration           = newKind("s", "a duration", `"45 min"`)
	kindRate               = newKind("/h", "a rate", `"0.1 /h"`)
	kindCharge             = newKind("mAh", "a charge", `"308 mAh"`)
	kindVoltage            = newKind("V", "a voltage", `"3.2 V"`)
	kindPower              = newKind("mW", "a power", `"62 mW"`)
	kindTemperature        = newKind("degC", "a temperature", `"-8 degC"`)
	kindDifference         = newKind("K", "a temperature difference", `"1.5 K"`)
	kindResistanceCharge   = newKind("ohm Ah", "a resistance times a capacity", `"0.18 ohm Ah"`)
	kindMolarEnergy        = newKind("kJ/mol", "an energy per mole", `"58 kJ/mol"`)
	kindEntropyCoefficient = newKind("mV/K", "a voltage per kelvin", `"-0.29 mV/K"`)
	kindThermalResistance  = newKind("K/W", "a thermal resistance", `"12 K/W"`)
	kindThermalConductance = newKind("W/K", "a thermal conductance", `"0.018 W/K"`)
	kindHeatCapacity       = newKind("J/K", "a heat capacity", `"4.2 J/K"`)
	kindArea               = newKind("cm2", "an area", `"13.1 cm2"`)
	kindIrradiance         = newKind("W/m2", "an irradiance", `"600 W/m2"`)
)

// newKind returns the kind of the quantities with the dimension of a unit.
func newKind(unit, name, example string) *Kind {
	k := &Kind{name: name, example: example, column: unit, celsius: unit == "degC"}
	if k.celsius {
		unit = "K"
	}
	u, err := parseUnit(unit)
	if err != nil {
		panic("model: no unit: " + unit)
	}
	k.dim = u.dim
	return k
}

func (Number) kind() *Kind                { return KindNumber }
func (Duration) kind() *Kind              { return KindDuration }
func (Rate) kind() *Kind                  { return kindRate }
func (Charge) kind() *Kind                { return kindCharge }
func (Voltage) kind() *Kind               { return kindVoltage }
func (Power) kind() *Kind                 { return kindPower }
func (Temperature) kind() *Kind           { return kindTemperature }
func (TemperatureDifference) kind() *Kind { return kindDifference }
func (ResistanceCharge) kind() *Kind      { return kindResistanceCharge }
func (MolarEnergy) kind() *Kind           { return kindMolarEnergy }
func (EntropyCoefficient) kind() *Kind    { return kindEntropyCoefficient }
func (ThermalResistance) kind() *Kind     { return kindThermalResistance }
func (ThermalConductance) kind() *Kind    { return kindThermalConductance }
func (HeatCapacity) kind() *Kind          { return kindHeatCapacity }
func (Area) kind() *Kind                  { return kindArea }
func (Irradiance) kind() *Kind            { return kindIrradiance }

// unit is a factor to SI. It is a ratio so that "62 mW" is 62/1000, which is the same float64 as
// 0.062.
type unit struct {
	num, den float64
	dim      dimension
}

var symbols = map[string]unit{
	"s": {1, 1, dimension{0, 0, 1}}, "min": {60, 1, dimension{0, 0, 1}},
	"h": {3600, 1, dimension{0, 0, 1}}, "day": {86400, 1, dimension{0, 0, 1}},
	// A year has 365 days, as in the session model's cycle count.
	"d": {86400, 1, dimension{0, 0, 1}}, "year": {365 * 86400, 1, dimension{0, 0, 1}},
	// Times may be written in words.
	"sec": {1, 1, dimension{0, 0, 1}}, "second": {1, 1, dimension{0, 0, 1}}, "seconds": {1, 1,
		dimension{0, 0, 1}},
	"mins": {60, 1, dimension{0, 0, 1}}, "minute": {60, 1, dimension{0, 0, 1}}, "minutes": {60, 1,
		dimension{0, 0, 1}},
	"hr": {3600, 1, dimension{0, 0, 1}}, "hour": {3600, 1, dimension{0, 0, 1}}, "hours": {3600, 1,
		dimension{0, 0, 1}},
	"days": {86400, 1, dimension{0, 0, 1}}, "years": {365 * 86400, 1, dimension{0, 0, 1}},
	"m": {1, 1, dimension{0, 1}}, "K": {1, 1, dimension{0, 0, 0, 0, 1}},
	"A": {1, 1, dimension{0, 0, 0, 1}}, "Ah": {3600, 1, dimension{0, 0, 1, 1}},
	"V": {1, 1, dimension{1, 2, -3, -1}}, "W": {1, 1, dimension{1, 2, -3}},
	"J": {1, 1, dimension{1, 2, -2}}, "Wh": {3600, 1, dimension{1, 2, -2}},
	// U+03A9 is the Greek letter, U+2126 the ohm sign; keyboards have either. The same is true of
	// the two micro signs below.
	"ohm": {1, 1, dimension{1, 2, -3, -2}}, "\u03a9": {1, 1, dimension{1, 2, -3, -2}}, "\u2126": {1, 1,
		dimension{1, 2, -3, -2}},
	"mol": {1, 1, dimension{0, 0, 0, 0, 0, 1}}, "%": {1, 100, dimension{}},
}

// prefixable lists the symbols that can have an SI prefix.
const prefixable = " s m K A Ah V W J Wh ohm \u03a9 \u2126 mol "

var prefixes = map[string]unit{
	"\u00b5": {num: 1, den: 1e6}, "\u03bc": {num: 1, den: 1e6}, "u": {num: 1, den: 1e6}, "m": {num: 1,
		den: 1e3},
	"c": {num: 1, den: 100}, "k": {num: 1e3, den: 1},
}

// lookUnit reads one symbol with its prefix and exponent, such as "mAh" or "cm2".
func lookUnit(text string) (unit, bool) {
	name, power := text, 1
	for suffix, p := range map[string]int{"^2": 2, "²": 2, "2": 2, "^-1": -1, "-1": -1} {
		if rest, ok := strings.CutSuffix(text, suffix); ok && rest != "" && len(rest) < len(name) {
			name, power = rest, p
		}
	}
	u, ok := symbols[name]
	if !ok {
		for p, scale := range prefixes {
			base, cut := strings.CutPrefix(name, p)
			b, known := symbols[base]
			if cut && known && strings.Contains(prefixable, " "+base+" ") {
				u, ok = unit{b.num * scale.num, b.den * scale.den, b.dim}, true
			}
		}
	}
	if !ok {
		return unit{}, false
	}
	return u.raise(power), true
}

func (u unit) raise(power int) unit {
	if power < 0 {
		u.num, u.den = u.den, u.num
	}
	if power == 2 {
		u.num, u.den = u.num*u.num, u.den*u.den
	}
	for i := range u.dim {
		u.dim[i] *= int8(power)
	}
	return u
}

func (u unit) times(v unit) unit {
	u.num, u.den = u.num*v.num, u.den*v.den
	for i := range u.dim {
		u.dim[i] += v.dim[i]
	}
	return u
}

// maxSymbols is the maximum number of symbols in a unit. It keeps exponents and factors from
// overflow.
const maxSymbols = 16

// unitOperators separates symbols: it sets blanks around / and replaces product signs by blanks.
var unitOperators = strings.NewReplacer("/", " / ", "*", " ", "·", " ")

// parseUnit reads a product and quotient of symbols: "ohm Ah", "W/m2", "/h",
// "1/h".
func parseUnit(text string) (unit, error) {
	result := unit{num: 1, den: 1}
	power := 1
	fields := strings.Fields(unitOperators.Replace(text))
	for i, field := range fields {
		next := ""
		if i+1 < len(fields) {
			next = fields[i+1]
		}
		switch {
		case field == "/" && next != "" && next != "/":
			power = -1
		case field == "1" && i == 0 && next == "/":
		default:
			u, ok := lookUnit(field)
			if !ok || i >= maxSymbols {
				return unit{}, fmt.Errorf("unknown unit %s", document.Quote(field))
			}
			result = result.times(u.raise(power))
			power = 1
		}
	}
	return result, nil
}

// splitNumber splits a quantity into its leading number and its unit.
func splitNumber(text string) (value float64, rest string, ok bool) {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || strings.IndexByte("+-._",
		text[end]) >= 0 ||
		(text[end] == 'e' || text[end] == 'E') && end+1 < len(text) && (text[end+1] >= '0' &&
			text[end+1] <= '9' || text[end+1] == '-' || text[end+1] == '+')) {
		end++
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(text[:end], "_", ""), 64)
	if err != nil || math.IsInf(value, 0) {
		return 0, text, false
	}
	return value, strings.TrimSpace(text[end:]), true
}

// Parse reads text such as "-8 degC" as a quantity of kind k and returns its SI value and its
// unit as written. Durations may be sums: "1 h 30 min" is 5400 s, and its unit is min.
func (k *Kind) Parse(text string) (si float64, written string, err error) {
	value, rest, ok := splitNumber(strings.TrimSpace(text))
	if !ok {
		return 0, "", k.refuse("%s is not a quantity", show(text))
	}
	switch {
	case rest == "degC", rest == "°C", rest == "degF", rest == "°F":
		if !k.celsius {
			return 0, "", k.refuse("%s is a temperature", show(text))
		}
		if strings.HasSuffix(rest, "F") {
			value = (value - 32) / 1.8
		}
		return value + 0, rest, nil // + 0 makes -0 the same number as 0
	case k.celsius && rest == "K":
		return 0, "", k.refuse("%s is a temperature difference", show(text))
	case k.celsius && (rest == "C" || rest == "F"):
		return 0, "", k.refuse("%s: %s is the %s, deg%s the degree", show(text), rest,
			map[string]string{"C": "coulomb", "F": "farad"}[rest], rest)
	case k == KindDuration && rest == "m":
		return 0, "", k.refuse("%s: m is the metre, min the minute", show(text))
	}

	for terms := 1; ; terms++ {
		more := ""
		if i := strings.IndexAny(rest, ".0123456789"); k == KindDuration && i > 0 {
			rest, more = strings.TrimSpace(rest[:i]), rest[i:]
		}
		written = strings.Join(strings.Fields(rest), " ")
		u, err := parseUnit(written)
		switch {
		case err != nil:
			return 0, "", k.refuse("%s: %w", show(text), err)
		case written == "" && terms > 1:
			return 0, "", k.refuse("%s ends without a unit", show(text))
		case written == "" && k != KindNumber:
			return 0, "", k.refuse("%s has no unit", show(text))
		case u.dim != k.dim || k.celsius:
			return 0, "", k.refuse("%s has the wrong dimension", show(text))
		case value < 0 && (terms > 1 || more != ""):
			return 0, "", k.refuse("%s is a sum with a negative term", show(text))
		}
		si += value * u.num / u.den
		if more == "" {
			break
		}
		if value, rest, ok = splitNumber(more); !ok {
			return 0, "", k.refuse("%s is not a quantity", show(text))
		}
	}
	if math.IsInf(si, 0) {
		return 0, "", k.refuse("%s is too large", show(text))
	}
	return si, written, nil
}

// refuse returns an error with what is wrong with a text and what is expected.
func (k *Kind) refuse(format string, args ...any) error {
	return fmt.Errorf(format+": expected %s, such as %s", append(args, k.name, k.example)...)
}

// show quotes a quantity for a message. Plain numbers get no quotes, as in a file.
func show(text string) string {
	text = strings.TrimSpace(text)
	if _, rest, ok := splitNumber(text); ok && rest == "" {
		return document.Shorten(text)
	}
	return document.Quote(text)
}

// Format writes an SI value in the given unit, with as few digits as it needs.
func (k *Kind) Format(si float64, written string) string {
	switch {
	case k.celsius && (written == "degF" || written == "°F"):
		si = si*1.8 + 32
	case !k.celsius:
		if u, err := parseUnit(written); err == nil {
			si = si * u.den / u.num
		}
	}
	number := strconv.FormatFloat(roundDigits(si), 'g', -1, 64)
	if math.Abs(si) >= 1e5 && math.Abs(si) < 1e12 {
		number = strconv.FormatFloat(roundDigits(si), 'f', -1, 64)
	}
	return strings.TrimSpace(number + " " + written)
}

// Steps returns the kind of differences between values of kind k.
func (k *Kind) Steps() *Kind {
	if k.celsius {
		return kindDifference
	}
	return k
}

// Column returns the name of a table's column for values of the kind: the given name and the
// unit, such as "ambient_degC".
func (k *Kind) Column(name string) string {
	if k.column == "" {
		return name
	}
	unit := strings.ReplaceAll(k.column, "/", " per ")
	return name + "_" + strings.Join(strings.Fields(unit), "_")
}

// ColumnUnit returns the unit in such a column's name, or "" without a unit.
func (k *Kind) ColumnUnit() string { return k.column }

// InColumn converts an SI value to the unit of such a column.
func (k *Kind) InColumn(si float64) float64 {
	if k.celsius {
		return roundDigits(si)
	}
	u, err := parseUnit(k.column)
	if err != nil {
		panic("model: no unit: " + k.column)
	}
	return roundDigits(si * u.den / u.num)
}

// roundDigits rounds to 12 significant digits. This removes the rounding errors of unit factors.
func roundDigits(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// ParseDuration reads a duration with its unit, such as "45 min" or "1 h 30 min".
func ParseDuration(text string) (Duration, error) {
	si, _, err := KindDuration.Parse(text)
	return Duration(si), err
}

// ParseNumber reads a plain number or a percentage, such as "0.12" or "12 %".
func ParseNumber(text string) (Number, error) {
	si, _, err := KindNumber.Parse(text)
	return Number(si), err
}

// String writes the duration in hours, minutes and seconds: "47 min 50 s".
func (d Duration) String() string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	// Rounding to microseconds first keeps 59.9999999 s from becoming "60 s".
	total := roundDigits(float64(d))
	if total >= 60 {
		total = math.Round(total*1e6) / 1e6
	}
	hours := math.Floor(total / 3600)
	minutes := math.Floor((total - 3600*hours) / 60)
	seconds := total - 3600*hours - 60*minutes
	if total >= 60 {
		seconds = math.Round(seconds*1e6) / 1e6
	}
	var parts []string
	if hours > 0 {
		parts = append(parts, fmt.Sprintf("%.0f h", hours))
	}
	if minutes > 0 {
		parts = append(parts, fmt.Sprintf("%.0f min", minutes))
	}
	if seconds > 0 || len(parts) == 0 {
		parts = append(parts, strconv.FormatFloat(seconds, 'f', -1, 64)+" s")
	}
	return sign + strings.Join(parts, " ")
}
