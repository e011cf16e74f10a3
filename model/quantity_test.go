package model

import (
	"math"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

var quantityKinds = []*Kind{KindNumber, KindDuration, kindRate, kindCharge, kindVoltage, kindPower,
	kindTemperature, kindDifference, kindResistanceCharge, kindMolarEnergy, kindEntropyCoefficient,
	kindThermalResistance,
	kindThermalConductance, kindHeatCapacity, kindArea, kindIrradiance}

func TestParseQuantity(t *testing.T) {
	for _, test := range []struct {
		kind *Kind
		text string
		want float64
		unit string
	}{
		{KindNumber, "0.12", 0.12, ""},
		{KindNumber, "12 %", 0.12, "%"},
		{KindNumber, "7 %", 0.07, "%"},
		{KindNumber, "7%", 0.07, "%"},
		{KindNumber, " 1_000 ", 1000, ""},
		{KindNumber, "+1e-3", 0.001, ""},
		{KindNumber, ".5", 0.5, ""},
		{KindNumber, "0.15 K/K", 0.15, "K/K"},
		{KindDuration, "45 min", 2700, "min"},
		{KindDuration, "45min", 2700, "min"},
		{KindDuration, "5 s", 5, "s"},
		{KindDuration, "250 ms", 0.25, "ms"},
		{KindDuration, "1.5 h", 5400, "h"},
		{KindDuration, "2 day", 172800, "day"},
		{KindDuration, "2 d", 172800, "d"},
		{KindDuration, "4 year", 4 * 365 * 86400, "year"},
		{KindDuration, "1 hour", 3600, "hour"},
		{KindDuration, "2 hours", 7200, "hours"},
		{KindDuration, "1 hr", 3600, "hr"},
		{KindDuration, "1 minute", 60, "minute"},
		{KindDuration, "10 minutes", 600, "minutes"},
		{KindDuration, "10 mins", 600, "mins"},
		{KindDuration, "1 second", 1, "second"},
		{KindDuration, "30 seconds", 30, "seconds"},
		{KindDuration, "30 sec", 30, "sec"},
		{KindDuration, "3 days", 3 * 86400, "days"},
		{KindDuration, "2 years", 2 * 365 * 86400, "years"},
		{KindDuration, "1 h 30 min", 5400, "min"},
		{KindDuration, "1h30min", 5400, "min"},
		{KindDuration, "1 h 30 min 0.5 s", 5400.5, "s"},
		{KindDuration, "1 h .5 min", 3630, "min"},
		{KindDuration, "-5 s", -5, "s"},
		{kindRate, "0.1 /h", 0.1 / 3600, "/h"},
		{kindRate, "0.1 1/h", 0.1 / 3600, "1/h"},
		{kindRate, "0.1/h", 0.1 / 3600, "/h"},
		{kindRate, "0.1 / hour", 0.1 / 3600, "/ hour"},
		{kindRate, "0.1 h-1", 0.1 / 3600, "h-1"},
		{kindRate, "0.1 h^-1", 0.1 / 3600, "h^-1"},
		{kindRate, "5 %/h", 0.05 / 3600, "%/h"},
		{kindRate, "0.9 /day", 0.9 / 86400, "/day"},
		{kindCharge, "308 mAh", 1108.8, "mAh"},
		{kindCharge, "0.308 Ah", 1108.8, "Ah"},
		{kindCharge, "10 A s", 10, "A s"},
		{kindVoltage, "3.2 V", 3.2, "V"},
		{kindVoltage, "3200 mV", 3.2, "mV"},
		{kindPower, "62 mW", 0.062, "mW"},
		{kindPower, "1.5e-3 W", 0.0015, "W"},
		{kindPower, "1.5E3 uW", 0.0015, "uW"},
		{kindPower, "1500 µW", 0.0015, "µW"},           // micro sign
		{kindPower, "1500 \u03bcW", 0.0015, "\u03bcW"}, // Greek mu
		{kindPower, "0.062 J/s", 0.062, "J/s"},
		{kindTemperature, "-8 degC", -8, "degC"},
		{kindTemperature, "-8 °C", -8, "°C"},
		{kindTemperature, "-8°C", -8, "°C"},
		{kindTemperature, "46.4 degF", 8, "degF"},
		{kindTemperature, "46.4°F", 8, "°F"},
		{kindDifference, "1.5 K", 1.5, "K"},
		{kindDifference, "-250 mK", -0.25, "mK"},
		{kindResistanceCharge, "0.18 ohm Ah", 648, "ohm Ah"},
		{kindResistanceCharge, "180 mΩ Ah", 648, "mΩ Ah"},
		{kindResistanceCharge, "180 m\u2126·Ah", 648, "m\u2126·Ah"}, // ohm sign
		{kindResistanceCharge, "180 ohm*mAh", 648, "ohm*mAh"},
		{kindMolarEnergy, "57.94 kJ/mol", 57940, "kJ/mol"},
		{kindEntropyCoefficient, "-0.29 mV/K", -0.00029, "mV/K"},
		{kindThermalResistance, "12 K/W", 12, "K/W"},
		{kindThermalConductance, "0.018 W/K", 0.018, "W/K"},
		{kindThermalConductance, "18 mW/K", 0.018, "mW/K"},
		{kindHeatCapacity, "4.2 J/K", 4.2, "J/K"},
		{kindArea, "13.09 cm2", 0.001309, "cm2"},
		{kindArea, "13.09 cm²", 0.001309, "cm²"},
		{kindArea, "1309 mm^2", 0.001309, "mm^2"},
		{kindIrradiance, "600 W/m2", 600, "W/m2"},
		{kindIrradiance, "600 W m^-1 m-1", 600, "W m^-1 m-1"},
	} {
		got, unit, err := test.kind.Parse(test.text)
		// One rounding per operation; a unit takes at most a few.
		if err != nil || math.Abs(got-test.want) > 4e-16*math.Abs(test.want) {
			t.Errorf("%q as %s: %v, %v, want %v", test.text, test.kind.name, got, err, test.want)
		}
		if unit != test.unit {
			t.Errorf("%q: unit %q, want %q", test.text, unit, test.unit)
		}
	}
}

func TestParseIsExact(t *testing.T) {
	for _, test := range []struct {
		kind *Kind
		text string
		want float64
	}{
		{kindPower, "62 mW", 0.062}, {KindNumber, "7 %", 0.07}, {KindNumber, "14 %", 0.14},
		{KindNumber, "29 %", 0.29},
		{kindCharge, "308 mAh", 1108.8}, {kindEntropyCoefficient, "-0.29 mV/K", -0.00029},
		{kindArea, "13.09 cm2", 0.001309},
	} {
		if got, _, err := test.kind.Parse(test.text); err != nil || got != test.want {
			t.Errorf("%q: %v, %v, want exactly %v", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{"-0", "-0 %"} {
		if got, _, err := KindNumber.Parse(text); err != nil || math.Signbit(got) {
			t.Errorf("%q: %v, %v, want 0: two zeros would make two digests", text, got, err)
		}
	}
	if got, _, err := kindTemperature.Parse("-0 degC"); err != nil || math.Signbit(got) {
		t.Errorf("-0 degC: %v, %v, want 0", got, err)
	}
}

func TestExamplesParse(t *testing.T) {
	for _, k := range quantityKinds {
		for example := range strings.SplitSeq(k.example, " or ") {
			if _, _, err := k.Parse(strings.Trim(example, `"`)); err != nil {
				t.Errorf("the example of %s is wrong: %v", k.name, err)
			}
		}
	}
}

func TestRefuseQuantity(t *testing.T) {
	for _, test := range []struct {
		kind *Kind
		text string
		want string // start of the message
	}{
		{KindDuration, "5", `5 has no unit`},
		{kindTemperature, "21", `21 has no unit`},
		{kindPower, "5 V", `"5 V" has the wrong dimension`},
		{KindNumber, "5 V", `"5 V" has the wrong dimension`},
		{kindRate, "5 %", `"5 %" has the wrong dimension`},
		{kindTemperature, "300 K", `"300 K" is a temperature difference`},
		{kindTemperature, "5 mK", `"5 mK" has the wrong dimension`},
		{kindTemperature, "-8 C", `"-8 C": C is the coulomb, degC the degree`},
		{kindTemperature, "20 F", `"20 F": F is the farad, degF the degree`},
		{kindTemperature, "20 %", `"20 %" has the wrong dimension`},
		{kindDifference, "1.5 degC", `"1.5 degC" is a temperature`},
		{kindDifference, "1.5 °F", `"1.5 °F" is a temperature`},
		{kindPower, "62 mWatt", `"62 mWatt": unknown unit "mWatt"`},
		{kindPower, "62 MW", `"62 MW": unknown unit "MW"`},
		{kindCharge, "308 mah", `"308 mah": unknown unit "mah"`},
		{KindDuration, "", `"" is not a quantity`},
		{KindDuration, "  ", `"" is not a quantity`},
		{KindDuration, "60\r", `60 has no unit`},
		{KindDuration, "min", `"min" is not a quantity`},
		{KindDuration, "5 m", `"5 m": m is the metre, min the minute`},
		{KindDuration, "5 m s", `"5 m s" has the wrong dimension`},
		{KindDuration, "1 h 30", `"1 h 30" ends without a unit`},
		{KindDuration, "1 h -30 min", `"1 h -30 min": unknown unit "-"`},
		{KindDuration, "-1 h 30 min", `"-1 h 30 min" is a sum with a negative term`},
		{KindDuration, "1 h 30 K", `"1 h 30 K" has the wrong dimension`},
		{KindDuration, "1 h 1.2.3 s", `"1 h 1.2.3 s" is not a quantity`},
		{KindDuration, "30-60 s", `"30-60 s" is not a quantity`},
		{KindDuration, "0,5 h", `"0,5 h": unknown unit ","`},
		{KindNumber, "inf", `"inf" is not a quantity`},
		{KindNumber, "-Inf", `"-Inf" is not a quantity`},
		{KindNumber, "nan", `"nan" is not a quantity`},
		{KindNumber, "1e999", `"1e999" is not a quantity`},
		{KindDuration, "1e307 year", `"1e307 year" is too large`},
		{KindNumber, "0x10", `"0x10": unknown unit "x10"`},
		{kindVoltage, "--5 V", `"--5 V" is not a quantity`},
		{kindVoltage, "5e V", `"5e V": unknown unit "e"`},
		{kindVoltage, "5 V/", `"5 V/": unknown unit "/"`},
		{KindNumber, "5 /", `"5 /": unknown unit "/"`},
		{KindNumber, "5 1", `"5 1": unknown unit "1"`},
		{kindRate, "5 //h", `"5 //h": unknown unit "/"`},
		{kindRate, "5 1 /h /s", `"5 1 /h /s" has the wrong dimension`},
		// 128 times m2 would come round to no dimension in an int8.
		{KindNumber, "1 " + strings.Repeat("m2 ", 128), `"1 m2 m2`},
		{kindPower, "62\nmV", `"62\nmV" has the wrong dimension`},
	} {
		_, _, err := test.kind.Parse(test.text)
		if err == nil {
			t.Errorf("%q is accepted as %s", test.text, test.kind.name)
			continue
		}
		message := err.Error()
		if !strings.HasPrefix(message, test.want) {
			t.Errorf("%q as %s: %s, want %s…", test.text, test.kind.name, message, test.want)
		}
		if end := ": expected " + test.kind.name + ", such as " +
			test.kind.example; !strings.HasSuffix(message, end) {
			t.Errorf("%q as %s: %s does not say what is right", test.text, test.kind.name, message)
		}
		checkMessage(t, message)
	}
}

// goWords are words of Go or of this package that must not appear in a message.
var goWords = regexp.MustCompile(
	`float64|int64|reflect|interface|struct\b|map\[|\bnil\b|model\.|%!|\bKind|Number\b|ThermalResistance|0x[0-9a-f]{6}`)

// checkMessage fails on a message that a planner cannot understand.
func checkMessage(t *testing.T, message string) {
	t.Helper()
	checkLine(t, message)
	if goWords.MatchString(message) {
		t.Errorf("the message speaks of Go: %q", message)
	}
}

// checkLine fails unless a message is a single line of limited length, even with text from a
// file in it.
func checkLine(t *testing.T, message string) {
	t.Helper()
	if message == "" || len(message) > 1000 || strings.ContainsFunc(message, unicode.IsControl) {
		t.Errorf("the message is no line: %.1000q", message)
	}
}

func TestFormatParses(t *testing.T) {
	units := map[*Kind][]string{
		KindNumber: {"", "%", "K/K"}, KindDuration: {"s", "ms", "min", "h", "day", "year", "hours"},
		kindRate:   {"/h", "1/h", "/day", "h-1"},
		kindCharge: {"mAh", "Ah", "A s"}, kindVoltage: {"V", "mV"}, kindPower: {"W", "mW", "µW"},
		kindTemperature: {"degC", "°C", "degF", "°F"}, kindDifference: {"K", "mK"},
		kindResistanceCharge: {"ohm Ah", "mΩ Ah"},
		kindMolarEnergy:      {"kJ/mol"}, kindEntropyCoefficient: {"mV/K"},
		kindThermalResistance:  {"K/W"},
		kindThermalConductance: {"W/K"}, kindHeatCapacity: {"J/K"}, kindArea: {"cm2", "m2"},
		kindIrradiance: {"W/m2"},
	}
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(quantityKinds).Draw(t, "kind")
		unit := rapid.SampledFrom(units[k]).Draw(t, "unit")
		si := rapid.Float64Range(-1e9, 1e9).Draw(t, "value")
		text := k.Format(si, unit)
		got, written, err := k.Parse(text)
		// Format keeps 12 digits. The zero of degF is 17.8 K from that of degC, so small temperatures
		// lose some of them.
		tolerance := 1e-11 * math.Abs(si)
		if k.celsius {
			tolerance += 1e-10
		}
		if err != nil || math.Abs(got-si) > tolerance || written != unit {
			t.Fatalf("%v in %q is %q, which reads %v, %q, %v", si, unit, text, got, written, err)
		}
	})
}

// TestFormatKeepsText checks that text in its usual form is written again unchanged.
func TestFormatKeepsText(t *testing.T) {
	for _, test := range []struct {
		kind *Kind
		text string
	}{
		{kindPower, "62 mW"}, {kindCharge, "308 mAh"}, {kindRate, "0.1 /h"}, {kindRate, "0.002 1/h"},
		{kindTemperature, "46.4 degF"},
		{kindArea, "13.09 cm2"}, {kindMolarEnergy, "57.94 kJ/mol"}, {KindNumber, "12 %"},
		{KindNumber, "0.1"},
		{KindDuration, "123456789 s"}, {kindEntropyCoefficient, "-0.29 mV/K"},
	} {
		si, unit, err := test.kind.Parse(test.text)
		if got := test.kind.Format(si, unit); err != nil || got != test.text {
			t.Errorf("%q comes back as %q, %v", test.text, got, err)
		}
	}
}

func TestDurationString(t *testing.T) {
	for d, want := range map[Duration]string{
		0: "0 s", 5: "5 s", 0.25: "0.25 s", 1e-7: "0.0000001 s", 60: "1 min", 3600: "1 h",
		2870: "47 min 50 s", 3661: "1 h 1 min 1 s",
		5400.1: "1 h 30 min 0.1 s", -90: "-1 min 30 s", 1e6: "277 h 46 min 40 s",
		1e6 + 0.1: "277 h 46 min 40.1 s",
		// Sums of steps come out a rounding short of the minute.
		Duration(math.Nextafter(60, 0)): "1 min", Duration(math.Nextafter(3600, 0)): "1 h",
		Duration(math.Nextafter(120, 0)): "2 min",
		3599.9999999:                     "1 h",
	} {
		if got := d.String(); got != want {
			t.Errorf("%v s is %q, want %q", float64(d), got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		// Whole milliseconds, up to years: String keeps them all.
		d := Duration(rapid.Int64Range(0, 1e11).Draw(t, "ms")) / 1000
		got, err := ParseDuration(d.String())
		// A sum of hours, minutes and seconds rounds a few times.
		if err != nil || math.Abs(float64(got-d)) > 1e-15*float64(d) {
			t.Fatalf("%v is %q, which reads %v, %v", float64(d), d, float64(got), err)
		}
	})
}

func TestParseFlags(t *testing.T) {
	if d, err := ParseDuration("1 h 30 min"); err != nil || d != 5400 {
		t.Errorf("1 h 30 min is %v, %v", float64(d), err)
	}
	if n, err := ParseNumber("12 %"); err != nil || n != 0.12 {
		t.Errorf("12 %% is %v, %v", float64(n), err)
	}
	if _, err := ParseDuration("90"); err == nil {
		t.Error("90 is a duration")
	}
	if _, err := ParseNumber("90 s"); err == nil {
		t.Error("90 s is a number")
	}
}
