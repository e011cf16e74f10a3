package measure

import (
	"math"
	"strings"
	"testing"
)

// TestFormsOfLogs reads the same log in several forms.
func TestFormsOfLogs(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"zones":        "timestamp,level,state\n2026-03-01T22:57:00+01:00,57,unplugged\n2026-03-02T07:00:00+01:00,10,unplugged\n",
		"two zones":    "timestamp,level\n2026-03-01T21:57:00Z,57\n2026-03-02T07:00:00+01:00,10\n",
		"seconds":      "Time;Level\n0;57 %\n28980;10 %\n",
		"milliseconds": "time_ms\tbattery\n1772402220000\t0.57\n1772431200000\t0.10\n",
		"small ms":     "time_ms,battery\n0,0.57\n28980000,0.10\n",
		"minutes":      "time_min,soc\n0,57\n483,10\n",
		"HealthKit":    "startDate,Battery Level\n2026-03-01 22:57:00 +0100,0.57\n2026-03-02 07:00:00 +0100,0.1\n",
		"comma":        "time;level\r\n0;57,0\r\n28980;10,0\r\n",
		"spreadsheet":  "Date;Level\n01.03.2026 22:57:00;57\n02.03.2026 07:00:00;10\n",
		"twelve hours": "Date,Level\n3/1/26 10:57 PM,57\n3/2/26 7:00 AM,10\n",
		"day first":    "Date,Level\n12/3/2026 22:57,57\n13/3/2026 07:00,10\n",
		"a delimiter":  "time,level\n0,57,\n28980,10,\n",
		"backwards":    "time,level\n28980,10\n0,57\n",
	} {
		l, err := Read(name, []byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		a, b := l.Rows[0], l.Rows[1]
		if b.Time-a.Time != 28980 || math.Abs(a.Level-0.57) > 1e-12 || math.Abs(b.Level-0.1) > 1e-12 ||
			a.Charging || l.Step != 0.01 {
			t.Errorf("%s: got %v to %v, step %v", name, a, b, l.Step)
		}
	}
}

// TestBadLogs wants every problem with its place.
func TestBadLogs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"", "l.csv: the log is empty: expected a line of column names, such as time,level"},
		{"when,level\n1,2\n", "l.csv:1:1: no column has the time: expected one named time, timestamp,"},
		{"\ntime,charge\n1,2\n", "l.csv:2:1: no column has the level: expected one named level, "},
		{"time,level,x,x\n", `l.csv:1:14: column "x" is given twice`},
		{"time,level\n1,2\n", "l.csv: the log has 1 usable rows: expected at least 2"},
		{"time,level\nnoon,80\n", `l.csv:2:1: time: "noon" is not a time: expected one such as`},
		{"time,level\n1,high\n", `l.csv:2:3: level: "high" is not a level: expected one such as 85`},
		{"time,level\n1,101\n", "l.csv:2:3: level: 101 is out of range: expected 0 to 100 %"},
		{"time,level\n1\n", "l.csv:2:1: 1 fields: expected 2, as many as there are columns; the row is left out"},
		{"time,level,charging\n1,80,perhaps\n", `l.csv:2:6: charging: "perhaps" does not say whether`},
	} {
		_, err := Read("l.csv", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, expected %s", c.text, err, c.want)
		}
	}
}

func TestGaugeStep(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		levels []float64
		want   float64
	}{
		{[]float64{0.5, 0.1}, 0.01},
		{[]float64{1, 0.95, 0.9, 0.85, 0.8}, 0.05},
		{[]float64{1, 0.95, 0.9, 0.85, 0.81}, 0.01},
		{[]float64{0.555, 0.1}, 0.001},
	} {
		var rows []Row
		for _, x := range c.levels {
			rows = append(rows, Row{Level: x})
		}
		if got := gaugeStep(rows); got != c.want {
			t.Errorf("%v: got a step of %v, expected %v", c.levels, got, c.want)
		}
	}
}

// TestStretches leaves out charging, said or seen, and gaps.
func TestStretches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text     string
		kept           []Stretch
		charging, gaps int
	}{
		{"a column", "time,level,charging\n0,50,no\n600,49,no\n1200,52,yes\n1800,60,yes\n2400,60,no\n3000,59,no\n",
			[]Stretch{{0, 1}, {4, 5}}, 1, 0},
		{"a climb", "time,level\n0,50\n600,49\n1200,51\n1800,53\n2400,55\n3000,54\n3600,53\n",
			[]Stretch{{0, 1}, {4, 6}}, 1, 0},
		{"a jump beside a column", "time,level,charging\n0,50,no\n600,49,no\n1200,80,no\n1800,79,no\n",
			[]Stretch{{0, 1}, {2, 3}}, 1, 0},
		{"noise", "time,level\n0,50\n600,49\n1200,50\n1800,51\n2400,49\n", []Stretch{{0, 4}}, 0, 0},
		{"a gap", "time,level\n0,50\n60,49\n120,49\n9000,40\n9060,40\n", []Stretch{{0, 2}, {3, 4}}, 0, 1},
		{"rows far apart are no gap", "time,level\n0,57\n28980,10\n", []Stretch{{0, 1}}, 0, 0},
	} {
		l, err := Read(c.name, []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		s := l.Stretches(0)
		same := len(s.Kept) == len(c.kept)
		for i := range s.Kept {
			same = same && s.Kept[i] == c.kept[i]
		}
		if !same || s.Charging != c.charging || s.Gaps != c.gaps {
			t.Errorf("%s: got %v, %d of charging, %d gaps; expected %v, %d, %d", c.name, s.Kept, s.Charging,
				s.Gaps, c.kept, c.charging, c.gaps)
		}
	}
}

// TestTrueLevelUndoesTheDisplay goes from true levels to what the gauge shows, and back.
func TestTrueLevelUndoesTheDisplay(t *testing.T) {
	t.Parallel()
	g := &known(t).Gauge
	for _, z := range []float64{0.02, 0.07, 0.099, 0.101, 0.4, 0.95} {
		for _, e := range []float64{-0.03, -0.001, 0.02} {
			x := z + e*min(1, z/float64(g.Converge))
			if got := trueLevel(g, x, e); math.Abs(got-z) > 1e-12 {
				t.Errorf("level %v with an error of %v: got %v back", z, e, got)
			}
		}
	}
}
