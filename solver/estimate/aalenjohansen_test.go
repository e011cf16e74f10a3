package estimate

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// TestAalenJohansenPatients: problem O40 of the numerical notes, on the data set
// mgus2 of the R package survival (1384 patients; 1 plasma cell malignancy,
// 2 death), with the answers of survfit.
func TestAalenJohansenPatients(t *testing.T) {
	t.Parallel()
	file, err := os.Open("../../../shared/data/mgus2_competing.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the data set mgus2_competing.csv is not beside this tree")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var times []float64
	var causes []int
	for _, row := range rows[1:] {
		x, err := strconv.ParseFloat(row[0], 64)
		if err != nil {
			t.Fatal(err)
		}
		c, err := strconv.Atoi(row[1])
		if err != nil {
			t.Fatal(err)
		}
		times, causes = append(times, x), append(causes, c)
	}
	if len(times) != 1384 {
		t.Fatalf("%d patients, want 1384", len(times))
	}
	points := AalenJohansen(times, causes, nil, 2)
	at := func(time float64) (p IncidencePoint) {
		for _, q := range points {
			if q.Time <= time {
				p = q
			}
		}
		return p
	}
	// The references have 12 decimals.
	close := func(what string, got, want, tolerance float64) {
		t.Helper()
		if math.Abs(got-want) > tolerance {
			t.Errorf("%s: got %.13f, want %.12f ± %g", what, got, want, tolerance)
		}
	}
	for _, c := range []struct {
		time             float64
		incidence, error [2]float64
	}{
		{60, [2]float64{.034103712974, .320367010268}, [2]float64{.004889257908, .012567371548}},
		{120, [2]float64{.063722168013, .531817704080}, [2]float64{.006796848424, .014059645162}},
		{240, [2]float64{.099813715936, .724027976143}, [2]float64{.009784846793, .015606345068}},
		{360, [2]float64{.134041644326, .784208246832}, [2]float64{.020127562513, .020933469536}},
	} {
		p := at(c.time)
		for i := range 2 {
			name := fmt.Sprintf("cause %d at %g", i+1, c.time)
			close(name, p.Incidence[i], c.incidence[i], 1e-11)
			close(name+", error", p.StandardError[i], c.error[i], 1e-11)
		}
		close("sum", p.Incidence[0]+p.Incidence[1]+p.Survival, 1, 1e-14)
	}
}

// TestAalenJohansenComplete: without censoring the incidence is the proportion,
// to the last bit, and the standard error that of a binomial proportion;
// problem O43 of the numerical notes.
func TestAalenJohansenComplete(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// A coarse grid of times makes ties.
		whole := rapid.SliceOfN(rapid.IntRange(1, 12), 1, 200).Draw(t, "times")
		const m = 3
		times, causes := make([]float64, len(whole)), make([]int, len(whole))
		for i, x := range whole {
			times[i], causes[i] = float64(x), rapid.IntRange(1, m).Draw(t, "cause")
		}
		n := float64(len(times))
		for _, p := range AalenJohansen(times, causes, nil, m) {
			var ended [m]int
			for i, x := range times {
				if x <= p.Time {
					ended[causes[i]-1]++
				}
			}
			for c, k := range ended {
				f := float64(k) / n
				if p.Incidence[c] != f {
					t.Fatalf("cause %d at %g: got %.17g, want %.17g", c+1, p.Time, p.Incidence[c], f)
				}
				// Rounding of sums of order 1 under a square root.
				if e := p.StandardError[c]; math.Abs(e*e-f*(1-f)/n) > 1e-12 {
					t.Fatalf("cause %d at %g: standard error %g, want %g", c+1, p.Time, e, math.Sqrt(f*(1-f)/n))
				}
			}
		}
	})
}

// TestAalenJohansenProperties: incidence and survival add up to 1 and move one
// way, and permuting the input changes nothing.
func TestAalenJohansenProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		type end struct{ time, cause int }
		ends := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) end {
			return end{rapid.IntRange(1, 30).Draw(t, "time"), rapid.IntRange(0, 2).Draw(t, "cause")}
		}), 1, 100).Draw(t, "ends")
		estimate := func(ends []end) []IncidencePoint {
			times, causes := make([]float64, len(ends)), make([]int, len(ends))
			for i, e := range ends {
				times[i], causes[i] = float64(e.time), e.cause
			}
			return AalenJohansen(times, causes, nil, 2)
		}
		points := estimate(ends)
		last := IncidencePoint{Survival: 1, Incidence: make([]float64, 2)}
		for _, p := range points {
			if s := p.Survival + p.Incidence[0] + p.Incidence[1]; math.Abs(s-1) > 1e-13 {
				t.Fatalf("at %g the sum is %.17g", p.Time, s)
			}
			if p.Survival > last.Survival || p.Incidence[0] < last.Incidence[0] ||
				p.Incidence[1] < last.Incidence[1] {
				t.Fatalf("%v after %v", p, last)
			}
			for _, e := range p.StandardError {
				if !(e >= 0 && e <= 1) {
					t.Fatalf("standard errors %v", p.StandardError)
				}
			}
			last = p
		}
		if got, want := fmt.Sprint(estimate(rapid.Permutation(ends).Draw(t, "shuffled"))),
			fmt.Sprint(points); got != want {
			t.Fatalf("shuffled: got %s, want %s", got, want)
		}
		// Counts stand for repetitions; a count of 0 for nothing.
		number := map[end]int{{31, 1}: 0}
		for _, e := range ends {
			number[e]++
		}
		var times []float64
		var causes, counts []int
		for e, n := range number {
			times, causes, counts = append(times, float64(e.time)), append(causes, e.cause),
				append(counts, n)
		}
		if got, want := fmt.Sprint(AalenJohansen(times, causes, counts, 2)),
			fmt.Sprint(points); got != want {
			t.Fatalf("counted: got %s, want %s", got, want)
		}
	})
}

func TestAalenJohansenEdges(t *testing.T) {
	t.Parallel()
	if p := AalenJohansen(nil, nil, nil, 1); len(p) != 0 {
		t.Errorf("no times: got %v", p)
	}
	// Kaplan–Meier by hand: 1/3 end at 1, one is censored at 1, the last of one
	// ends at 2.
	p := AalenJohansen([]float64{2, 1, 1}, []int{1, 0, 1}, nil, 1)
	near(t, "first", p[0].Incidence[0], 1.0/3, 1e-15)
	near(t, "last", p[1].Incidence[0], 1, 1e-15)
	panics(t, "estimate: times, causes and counts do not match",
		func() { AalenJohansen([]float64{1}, nil, nil, 1) })
	panics(t, "estimate: time is NaN, cause outside [0, m] or count negative",
		func() { AalenJohansen([]float64{1}, []int{2}, nil, 1) })
}

func ExampleAalenJohansen() {
	// Two causes; the third path was cut short at 20.
	for _, p := range AalenJohansen([]float64{10, 20, 20, 30}, []int{1, 2, 0, 1}, nil, 2) {
		fmt.Printf("%g: %d at risk, %.2f, survival %.2f\n", p.Time, p.AtRisk, p.Incidence, p.Survival)
	}
	// Output:
	// 10: 4 at risk, [0.25 0.00], survival 0.75
	// 20: 3 at risk, [0.25 0.25], survival 0.50
	// 30: 1 at risk, [0.75 0.25], survival 0.00
}
