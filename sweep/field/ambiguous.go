package field

import (
	"errors"

	"budget/model"
	"budget/sweep/sessionlog"
)

// ambiguousCounts counts the sessions of which a log does not say all.
type ambiguousCounts struct {
	lowEdge float64
	// Bare is the number of ends with the reason suppressedBySystem alone.
	Bare int64 `json:"bare"`
	// Heat is the number of sessions without known times at serious and critical.
	Heat int64 `json:"heat"`
	// Power is the number of suppressions for the battery above the low level, without a word on
	// Low Power Mode.
	Power int64 `json:"power"`
}

func (a *ambiguousCounts) begin(s *model.Scenario) {
	*a = ambiguousCounts{lowEdge: sessionlog.LowEdge(s.Policy.LowBattery)}
}

func (a *ambiguousCounts) add(x *sessionlog.Session) {
	if x.Bare {
		a.Bare++
	}
	if _, _, known := x.Heat(); !known {
		a.Heat++
	}
	if !x.HasLPM && x.Cause == model.SuppressedBattery && x.End > a.lowEdge {
		a.Power++
	}
}

func (a *ambiguousCounts) merge(other accumulator) {
	o := other.(*ambiguousCounts)
	a.Bare, a.Heat, a.Power = a.Bare+o.Bare, a.Heat+o.Heat, a.Power+o.Power
}

func (a *ambiguousCounts) check(*model.Scenario) error {
	if min(a.Bare, a.Heat, a.Power) < 0 || max(a.Bare, a.Heat, a.Power) > mostSessions {
		return errors.New("impossible numbers of sessions")
	}
	return nil
}
