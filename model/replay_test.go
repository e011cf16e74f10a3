package model

// Physics against a real log.
//
// A phone of the watch's cell class (4.4 V LCO), 717 cycles old, logged its gauge
// for 44 hours every 20 s. The test drives the default cell, made as large and as
// old as that phone's, with the logged current and predicts the logged voltage.
// Nothing is tuned here. Errors on discharge, predicted − logged:
//
//	                                   all 6049   20 degC and above   below 15 degC
//	                                  rms  bias       rms  bias         rms  bias
//	charge counted within runs      21.4  +6.9      12.2  +5.0         145  +114   mV
//	level of the gauge              21.0  +4.5      11.2  +2.6         147  +114
//	the same without resistance     47.4            36.4               246
//
// Half of the errors are below 5 mV. The bias at 20 degC and above is the level of
// the resistance: the catalog's fresh cell, aged by its own law to 88 % health, has
// 0.50 ohm Ah, and 0.57 was fitted to the log. With that total the bias is +2.3 and
// −0.1 mV, the best factor on all resistances 1.03 and 0.99; the rms, 10.8 and
// 10.3 mV, is scatter that no factor removes. In the cold the total explains
// little: in the 84 readings at 10 to 15 degC the phone's resistance is twice what
// the temperature law makes even of that total, alike in each of three outings at
// levels of 20, 35 and 65 %, and the predicted sag is half the real one. A cell like
// this would power off in the cold sooner than simulated.
//
// What this is worth. Part of the catalog comes from this very log: the
// open-circuit voltage (and the map from the gauge's depth of discharge to z) is a
// fit to it, as are the ratios R0 : R1 : R2 and the time constants; ρ and Ea are a
// joint fit to it and to another pack; and the median growth of resistance with
// age was set from this phone's 0.57 ohm Ah. At small currents the test therefore
// shows little more than that the table was copied well. Not from this log are
// the resistance of a fresh cell, which is that of other phones' packs and alone
// gives half of this phone's, its scaling with one over the capacity, and the
// counting of charge. It is one aged phone and no watch.

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
)

const replayLog = "../../shared/data/iphone_battery_44h_20s_trim.csv"

// The phone: nominal capacity, and total resistance times nominal capacity as
// fitted to the log (battery-thermal.md, 2.3: 0.132 ohm).
const (
	phoneNominal          = 4.325 * ampereHour // [C]
	phoneResistanceCharge = 0.132 * phoneNominal
)

// reading is one line of the log.
type reading struct {
	time        float64 // [s]
	voltage     float64 // at the terminals [V]
	current     float64 // now [A], positive on discharge
	average     float64 // over the time since the last reading [A]
	temperature float64 // [degC]
	level       float64 // z by the gauge
	full        float64 // charge it stores when full, by the gauge [C]
	charging    bool
}

func readReplayLog(t *testing.T) []reading {
	file, err := os.Open(replayLog)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("the log of a real phone is not here: %s", replayLog)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	log := make([]reading, len(lines)-1)
	for i := range log {
		number := func(column string) float64 {
			x, err := strconv.ParseFloat(lines[i+1][slices.Index(lines[0], column)], 64)
			if err != nil {
				t.Fatalf("line %d: %v", i+2, err)
			}
			return x
		}
		log[i] = reading{
			time:        number("timestamp"),
			voltage:     number("Voltage") / 1000,
			current:     -number("InstantAmperage") / 1000,
			average:     -number("AverageAmperage") / 1000,
			temperature: number("Temperature"),
			// The map used when the open-circuit voltage was fitted (2.2).
			level:    (0.985 - number("PresentDOD")/16384) / 0.9128,
			full:     number("AppleRawMaxCapacity") / 1000 * ampereHour,
			charging: number("IsCharging") != 0,
		}
	}
	return log
}

// predicted is a reading on discharge with what the cell says.
type predicted struct {
	reading
	voltage float64 // at the terminals [V]
	lost    float64 // of it in the resistances [V]
}

// replay drives a cell of the phone's size, of the health the gauge reports and
// of a resistance factor, with the logged current: the average over each interval
// moves charge and pairs, the current at the reading goes through R0.
//
// A run of readings ends at a gap of more than 5 min and where charging begins or
// ends. Its first reading sets z to the gauge's and settles the pairs at its
// average current, and is not scored; nor are readings on charge. Within a run z is
// counted, or with gauge taken from the gauge throughout.
func replay(log []reading, b *Battery, health, factor float64, gauge bool) []predicted {
	c := newCell(b, phoneNominal, health, factor)
	var out []predicted
	for i, now := range log {
		if i == 0 || now.time-log[i-1].time > 300 || now.charging != log[i-1].charging {
			c.z = now.level
			c.settle(now.average, now.temperature)
			continue
		}
		last := log[i-1]
		c.draw(now.average, last.temperature, now.time-last.time)
		if gauge {
			c.z = now.level
		}
		if !now.charging {
			v := c.voltage(now.current, now.temperature)
			out = append(out, predicted{now, v, c.OpenCircuitVoltage(c.z) - v})
		}
	}
	return out
}

// accuracy summarises errors of predictions [V].
type accuracy struct {
	n                 int
	rms, bias, median float64 // of predicted − logged; the median of its size
	scale             float64 // on all resistances, for the least squares
	rmsScaled         float64 // rms with it
	rmsBare           float64 // rms of the open-circuit voltage alone
}

func accuracyOf(p []predicted) accuracy {
	var sum, squares, lost, lostLost, bare float64
	size := make([]float64, len(p))
	for i, x := range p {
		e := x.voltage - x.reading.voltage
		drop := e + x.lost // of the logged voltage below U
		sum += e
		squares += e * e
		lost += x.lost * drop
		lostLost += x.lost * x.lost
		bare += drop * drop
		size[i] = math.Abs(e)
	}
	slices.Sort(size)
	n := float64(len(p))
	scale := lost / lostLost
	return accuracy{
		n: len(p), rms: math.Sqrt(squares / n), bias: sum / n, median: size[len(p)/2],
		scale: scale, rmsScaled: math.Sqrt((bare - scale*lost) / n), rmsBare: math.Sqrt(bare / n),
	}
}

func TestReplayOfAPhone(t *testing.T) {
	t.Parallel()
	log := readReplayLog(t)
	s := Default()
	b := &s.Battery

	full := make([]float64, len(log))
	for i, r := range log {
		full[i] = r.full
	}
	slices.Sort(full)
	health := full[len(full)/2] / phoneNominal
	aged := s.Population.ResistanceFactor(health, 0, 0)
	fitted := phoneResistanceCharge / float64(b.R0Q+b.R1Q+b.R2Q)
	t.Logf("health %.3f; resistance factor %.3f by the ageing law, %.3f by the fit",
		health, aged, fitted)

	// Bounds are 1.15 times the rms that was measured [mV], each in its column.
	for _, c := range []struct {
		name                  string
		factor                float64
		gauge                 bool
		all, warm, cool, cold float64
	}{
		{"charge counted, catalog", aged, false, 24.6, 14.0, 37.7, 166},
		{"level of the gauge, catalog", aged, true, 24.2, 12.9, 34.8, 169},
		{"charge counted, total of the fit", fitted, false, 21.8, 12.4, 30.7, 149},
		{"level of the gauge, total of the fit", fitted, true, 21.8, 11.9, 28.1, 152},
		{"charge counted, fresh", 1, false, 33.2, 22.0, 54.0, 203},
		{"level of the gauge, fresh", 1, true, 32.2, 20.1, 50.7, 205},
	} {
		p := replay(log, b, health, c.factor, c.gauge)
		for _, bin := range []struct {
			name      string
			low, high float64
			n         int
			bound     float64
		}{
			{"all", -100, 100, 6049, c.all},
			{"20 degC and above", 20, 100, 5821, c.warm},
			{"15 to 20 degC", 15, 20, 144, c.cool},
			{"below 15 degC", -100, 15, 84, c.cold},
		} {
			a := accuracyOf(slices.DeleteFunc(slices.Clone(p), func(x predicted) bool {
				return x.temperature < bin.low || x.temperature >= bin.high
			}))
			t.Logf("%-36s %-17s n %4d  rms %5.1f mV  bias %+6.1f  median %5.1f  U alone %5.1f  "+
				"resistances x %.2f: rms %4.1f",
				c.name, bin.name, a.n, 1e3*a.rms, 1e3*a.bias, 1e3*a.median, 1e3*a.rmsBare, a.scale,
				1e3*a.rmsScaled)
			if a.n != bin.n {
				t.Errorf("%s, %s: %d readings scored, want %d", c.name, bin.name, a.n, bin.n)
			}
			if !(1e3*a.rms <= bin.bound) {
				t.Errorf("%s, %s: rms %.1f mV, want at most %g", c.name, bin.name, 1e3*a.rms, bin.bound)
			}
		}
	}
}
