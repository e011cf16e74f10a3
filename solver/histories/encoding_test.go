package histories

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"budget/model"
	"budget/solver/plant"
)

// written is a record of paths that are followed through some steps.
type written struct {
	record *Record
	steps  int
}

// records returns records of paths of plants whose histories have all that histories can have.
func records(t testing.TB) map[string]written {
	t.Helper()
	all := map[string]written{}
	low := 0.08
	for name, c := range map[string]plant.Case{
		"gates": {Session: "mindfulness", Gate: 20, Gates: []int{10, 40}},
		"low":   {Session: "mindfulness", StartLevel: &low},
		"absences": {Session: "self-care", Pause: true, Phases: []model.Phase{{Length: 300},
			{Length: 60, Rest: true}, {Length: 300}}},
	} {
		c.Device, c.Environment = plant.Fleet, plant.Mix
		p, err := plant.Compile(model.Default(), c)
		if err != nil {
			t.Fatal(err)
		}
		r, path := &Record{}, uint64(0)
		p.Kernel("portable", plant.NewSampler(3, plant.Tilted)).Run(p.Steps, func() (uint64, bool) {
			path++
			return path - 1, path <= 3000
		}, func(_ uint64, h *plant.History) { r.Add(h, p.Steps) })
		all[name] = written{r, p.Steps}
	}
	return all
}

// same reports whether two histories are equal.
func same(a, b plant.History) bool {
	runs, restarts := slices.Equal(a.Runs, b.Runs), slices.Equal(a.Restarts, b.Restarts)
	a.Runs, a.Restarts, b.Runs, b.Restarts = nil, nil, nil, nil
	return runs && restarts && reflect.DeepEqual(a, b)
}

// TestRecordsAreReadAsWritten: every history of a record is read from its bytes as it was, and
// the bytes of records one after the other are told apart.
func TestRecordsAreReadAsWritten(t *testing.T) {
	t.Parallel()
	for name, r := range records(t) {
		text := r.record.AppendTo([]byte("head"), r.steps)[4:]
		text = (&Record{}).AppendTo(text, r.steps)
		got, rest, err := ReadRecord(text, r.steps)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Paths() != 3000 || !maps.Equal(got.plain, r.record.plain) {
			t.Errorf("%s: other plain histories, of %d paths in all", name, got.Paths())
		}
		if !slices.EqualFunc(got.paths, r.record.paths, same) {
			t.Errorf("%s: other histories", name)
		}
		if len(r.record.paths) == 0 || len(r.record.plain) == 0 {
			t.Errorf("%s: %d histories and %d kinds of plain ones show little", name, len(r.record.paths),
				len(r.record.plain))
		}
		none, rest, err := ReadRecord(rest, r.steps)
		if err != nil || none.Paths() != 0 || len(rest) != 0 {
			t.Errorf("%s: an empty record after it: %d paths, %d bytes more, %v", name, none.Paths(), len(rest),
				err)
		}
		joined := &Record{}
		joined.Join(got)
		joined.Join(none)
		if again := joined.AppendTo(nil, r.steps); string(again) != string(text[:len(again)]) {
			t.Errorf("%s: joined records are written otherwise", name)
		}
	}
}

// FuzzRecord: any bytes are a record or an error, and what is read is written as it was.
func FuzzRecord(f *testing.F) {
	for _, r := range records(f) {
		f.Add(r.record.AppendTo(nil, r.steps), r.steps)
	}
	f.Fuzz(func(t *testing.T, text []byte, steps int) {
		if steps < 1 || steps > 1<<20 {
			return
		}
		r, _, err := ReadRecord(text, steps)
		if err != nil {
			return
		}
		again, rest, err := ReadRecord(r.AppendTo(nil, steps), steps)
		if err != nil || len(rest) > 0 || again.Paths() != r.Paths() || again.Len() != r.Len() {
			t.Errorf("a record of %d paths is read again as another (%v)", r.Paths(), err)
		}
		r.Replay(steps, func(h *plant.History, n int64) {
			if n < 0 || len(h.Runs) == 0 || h.Runs[0].Step != 0 || h.End < 0 || h.End > steps+1 {
				t.Fatalf("an impossible history: %+v", h)
			}
		})
	})
}
