package figure

import (
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

func drawFlags(t *rapid.T) (flags []Flag, lo, hi vg.Length) {
	lo, hi = 20, 460
	for range rapid.IntRange(0, 12).Draw(t, "flags") {
		flags = append(flags, Flag{
			X:     lo + (hi-lo)*vg.Length(rapid.Float64Range(0, 1).Draw(t, "x")),
			Width: vg.Length(rapid.Float64Range(10, 190).Draw(t, "width")),
			Pole:  rapid.Bool().Draw(t, "pole"),
		})
	}
	return flags, lo, hi
}

func TestFlagTextsNeverOverlap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flags, lo, hi := drawFlags(t)
		spots, rows := PlaceFlags(flags, lo, hi)
		for i, s := range spots {
			end := s.Left + flags[i].Width
			if s.Left < lo || end > hi+1e-9 {
				t.Errorf("text %d spans %v to %v, want within %v to %v", i, s.Left, end, lo, hi)
			}
			if s.Row < 0 || s.Row >= rows {
				t.Errorf("text %d is in row %d of %d", i, s.Row, rows)
			}
			for j, other := range spots[:i] {
				if s.Row == other.Row && s.Left < other.Left+flags[j].Width && other.Left < end {
					t.Errorf("texts %d and %d overlap in row %d: %v to %v and %v to %v",
						j, i, s.Row, other.Left, other.Left+flags[j].Width, s.Left, end)
				}
			}
		}
	})
}

// With room on both sides every flag can hang outwards, so no pole has to run
// through a text.
func TestPolesKeepOffTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flags, lo, hi := drawFlags(t)
		spots, _ := PlaceFlags(flags, lo-200, hi+200)
		for i, s := range spots {
			for j, f := range flags {
				inside := s.Left < f.X && f.X < s.Left+flags[i].Width
				if i != j && f.Pole && inside && spots[j].Row >= s.Row {
					t.Errorf("the pole of flag %d at %v runs through text %d from %v to %v", j, f.X, i, s.Left,
						s.Left+flags[i].Width)
				}
			}
		}
	})
}

func TestSpreadKeepsLabelsApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const height, lo, hi = 10, 0, 200
		centres := rapid.SliceOfN(rapid.Float64Range(-50, 250), 0, 12).Draw(t, "centres")
		slices.Sort(centres)
		in := make([]vg.Length, len(centres))
		for i, c := range centres {
			in[i] = vg.Length(c)
		}
		out := spread(in, slices.Repeat([]vg.Length{height}, len(in)), lo, hi)
		for i, c := range out {
			if c < lo+height/2-1e-9 || c > hi-height/2+1e-9 {
				t.Errorf("label %d is at %v, want it within %v to %v", i, c, lo, hi)
			}
			if i > 0 && c-out[i-1] < height-1e-9 {
				t.Errorf("labels %d and %d are %v apart, want %v", i-1, i, c-out[i-1], height)
			}
		}
	})
}

func TestFreeSpot(t *testing.T) {
	t.Parallel()
	room := Interval{10, 100}
	for _, test := range []struct {
		name  string
		width vg.Length
		busy  []Interval
		want  vg.Length
	}{
		{"empty", 30, nil, 10},
		{"left is taken", 30, []Interval{{20, 25}}, 25},
		{"between", 30, []Interval{{5, 15}, {50, 60}}, 15},
		{"behind both", 30, []Interval{{50, 60}, {5, 25}}, 60},
		{"nowhere", 80, []Interval{{50, 60}}, 10},
	} {
		if got := FreeSpot(room, test.width, test.busy); got != test.want {
			t.Errorf("%s: got %v, want %v", test.name, got, test.want)
		}
	}
}
