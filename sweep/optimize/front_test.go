package optimize

import (
	"math"
	"testing"
)

// TestFronts: on a front, times ascend as the second goal gets worse, every candidate meets the
// requirements, and of equals the one most like the chosen one stands there.
func TestFronts(t *testing.T) {
	r := find(t, `
sessions = ["self-care"]
paths = 4096
goal = { longest = "12 min", within = "1 min" }
[[require]]
what = "left-out"
most = "5 %"
[[axis]]
name = "low"
choose = true
key = "policy.suppress_low"
values = ["0.1 /h", "0.1001 /h"]
[[axis]]
choose = true
key = "gate"
values = ["0 %", "20 %", "25 %"]
[[axis]]
choose = true
key = "workload.seated.cue_every"
values = ["1 min", "2 min"]
value = [2, 1]
`)
	var aspects []Aspect
	for _, f := range r.Fronts {
		aspects = append(aspects, f.Aspect)
		before := -1.0
		for k, p := range f.Points {
			if !(p.Time.Value > before) || r.Standings[p.Candidate].Breaks >= 0 ||
				f.Amounts[p.Candidate] != p.Amount {
				t.Errorf("%s: %+v after %v s", f.Aspect, p, before)
			}
			if k > 0 && f.Aspect.More() != (p.Amount < f.Points[k-1].Amount) {
				t.Errorf("%s: %v after %v", f.Aspect, p.Amount, f.Points[k-1].Amount)
			}
			before = p.Time.Value
			levels, chosen := r.Design.levelsOf(p.Candidate), r.Design.levelsOf(r.Chosen)
			if levels[0] != chosen[0] {
				t.Errorf("%s: levels %v, chosen %v", f.Aspect, levels, chosen)
			}
			if p.Found.Worth.Value != p.Time.Value*r.Design.Candidates[p.Candidate].Value {
				t.Errorf("%s: worth %v of %v s", f.Aspect, p.Found.Worth.Value, p.Time.Value)
			}
		}
	}
	if len(aspects) != 4 || aspects[0] != Value || aspects[3] != BelowGate {
		t.Fatalf("fronts against %v", aspects)
	}
	cues, gate := r.Fronts[1], r.Fronts[3]
	if cues.Points[0].Amount != 1 || cues.Amounts[r.Chosen] != 1 {
		t.Errorf("cues per minute %+v", cues)
	}
	last := gate.Points[len(gate.Points)-1]
	if len(gate.Points) != 2 || gate.Points[0].Amount != 0 || math.Abs(last.Amount-0.0468) > 1e-4 {
		t.Errorf("starts left out %+v", gate)
	}
}
