package selection

import (
	"strconv"
	"strings"
	"testing"

	"budget/sweep/store"
)

func TestEvenly(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 30; n++ {
		var list []int
		for i := range n {
			list = append(list, i)
		}
		for most := 1; most <= n+1; most++ {
			got := Evenly(list, most)
			if len(got) != min(most, n) || got[0] != 0 || most > 1 && got[len(got)-1] != n-1 {
				t.Errorf("%d of %d: %v", most, n, got)
			}
			narrowest, widest := n, 0
			for i := 1; i < len(got); i++ {
				narrowest, widest = min(narrowest, got[i]-got[i-1]), max(widest, got[i]-got[i-1])
			}
			if len(got) > 1 && (narrowest < 1 || widest > narrowest+1) {
				t.Errorf("%d of %d: gaps of %d to %d in %v", most, n, narrowest, widest, got)
			}
		}
	}
}

// levelsView is a view of a grid of so many levels by two.
func levelsView(n int) View {
	r := &store.Results{Columns: []store.Column{{Name: "x", Title: "x", Number: true},
		{Name: "device", Title: "device"}}}
	for i := range n {
		for _, device := range []string{"a", "b"} {
			r.Cells = append(r.Cells, &store.Cell{Values: []string{strconv.Itoa(i), device}})
		}
	}
	return View{Results: r, Cells: r.Cells, columns: columns(r)}
}

// TestThinIsEven: what is left of a column is as evenly apart as can be, however much is left
// out, and the note counts it.
func TestThinIsEven(t *testing.T) {
	t.Parallel()
	for _, most := range []int{47, 31, 20, 10, 6} {
		v, notes := levelsView(24).Thin(most)
		levels := v.Levels(v.columns[0])
		narrowest, widest := 24, 0
		for i := 1; i < len(levels); i++ {
			a, _ := strconv.Atoi(levels[i-1])
			b, _ := strconv.Atoi(levels[i])
			narrowest, widest = min(narrowest, b-a), max(widest, b-a)
		}
		if len(v.Cells) > most || levels[0] != "0" || levels[len(levels)-1] != "23" ||
			widest > narrowest+1 {
			t.Errorf("at most %d: %d cells, levels %v", most, len(v.Cells), levels)
		}
		want := strconv.Itoa(len(levels)) + " of 24 levels of x shown."
		if len(notes) != 1 || notes[0] != want {
			t.Errorf("at most %d: notes %q, want %q", most, notes, want)
		}
	}
	v, notes := levelsView(24).Thin(48)
	if len(v.Cells) != 48 || notes != nil {
		t.Errorf("nothing to leave out: %d cells, notes %q", len(v.Cells), notes)
	}
}

// TestThinWithoutGrid: levels that vary together are thinned as cells.
func TestThinWithoutGrid(t *testing.T) {
	t.Parallel()
	v := levelsView(12)
	v.Results.Columns[1].Name = "y"
	v.Results.Cells = nil
	for i := range 12 {
		v.Results.Cells = append(v.Results.Cells,
			&store.Cell{Values: []string{strconv.Itoa(i), strconv.Itoa(i * 5 % 12 / 2)}})
	}
	v.Cells, v.columns = v.Results.Cells, columns(v.Results)
	thin, notes := v.Thin(4)
	if n := len(thin.Cells); n == 0 || n > 4 || !strings.HasSuffix(strings.Join(notes, ""), "shown.") {
		t.Errorf("%d cells, notes %q", n, notes)
	}
}
