package field

import (
	"fmt"
	"strings"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

// lowPower counts starts by session type: those known to be with Low Power Mode or without, and
// those with it.
type lowPower struct{ byType[startCount] }

// startCount counts starts.
type startCount struct {
	Known int64 `json:"known"`
	On    int64 `json:"on"`
}

func (a *lowPower) begin(*model.Scenario) { *a = lowPower{} }

func (a *lowPower) add(x *sessionlog.Session) {
	if !x.HasLPM {
		return
	}
	of := a.of(x.Type)
	of.Known++
	if x.LPM {
		of.On++
	}
}

func (a *lowPower) merge(other accumulator) {
	a.mergeTypes(&other.(*lowPower).byType, (*startCount).add)
}

func (n *startCount) add(m *startCount) { n.Known, n.On = n.Known+m.Known, n.On+m.On }

func (a *lowPower) check(s *model.Scenario) error {
	return a.checkTypes(s, func(n *startCount) error {
		return possible(isCount(n.Known) && isCount(n.On) && n.On <= n.Known)
	})
}

const keyLowPower = "population.lpm_on_start"

// noLowPower says why a quantity of Low Power Mode is not fitted.
const noLowPower = "no row says whether Low Power Mode was on (column lpm)"

// fit finds the share of starts in Low Power Mode. The model has one for all session types;
// whether they differ is a remark.
func (a *lowPower) fit(f *lawFit) {
	var all startCount
	var on, known []int64
	var shares []string
	for _, session := range f.scenario.Sessions {
		n := a.types[session.ID]
		if n == nil || n.Known == 0 {
			continue
		}
		all.add(n)
		on, known = append(on, n.On), append(known, n.Known)
		shares = append(shares, fmt.Sprintf("%s %.3g %% of %d", session.ID,
			100*float64(n.On)/float64(n.Known), n.Known))
	}
	if all.Known == 0 {
		f.missing(keyLowPower, noLowPower)
		return
	}
	f.share(keyLowPower, all.On, all.Known, "")
	if p := estimate.Homogeneity(on, known); p < differs {
		f.Remarks = append(f.Remarks, fmt.Sprintf("Low Power Mode at the start differs between "+
			"session types (p = %.2g): %s. The model has one share for all.", p,
			strings.Join(shares, ", ")))
	}
}

// differs is the p-value below which session types are said to differ.
const differs = 0.01
