package selection

import "testing"

func TestEvenly(t *testing.T) {
	t.Parallel()
	list := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	for most, want := range map[int]int{1: 1, 2: 2, 3: 3, 9: 9, 10: 10, 11: 10} {
		got := Evenly(list, most)
		if len(got) != want || got[0] != 0 || most > 1 && got[len(got)-1] != 9 {
			t.Errorf("Evenly %d: got %v", most, got)
		}
		for i := 1; i < len(got); i++ {
			if got[i] <= got[i-1] {
				t.Errorf("Evenly %d: got %v, which has one twice", most, got)
			}
		}
	}
}
