package field

import (
	"fmt"

	"budget/model"
)

// FitLaws fits what carries the cap besides the rates. The device, "" for the fleet, is whose
// battery the levels are of. Every single interval has the given
// confidence.
func FitLaws(l *Log, s *model.Scenario, device string, prior Prior, confidence float64) Laws {
	f := &lawFit{log: l.named(), scenario: s, prior: prior, confidence: confidence}
	sums := l.Statistics
	sums.LowPower.fit(f)
	sums.Refusals.fit(f)
	sums.StartLevels.fit(f)
	sums.Loads.fit(f, device)
	f.frailty(frailtyOf(&sums.Resignations, s, prior))
	return f.Laws
}

// frailty adds the posterior of the frailty's shape.
func (f *lawFit) frailty(r *frailty) {
	if r.law == nil {
		f.missing(keyFrailty, "fewer than %d sessions of each type were left for another app",
			fewResigned)
		return
	}
	f.found(Law{Key: keyFrailty, Prior: r.prior, Events: r.events, Cases: r.cases,
		From:  fmt.Sprintf("%d of %s left", r.events, several(r.cases, "session")),
		Share: r.share, Told: r.told, Assumed: r.assumed},
		limited{r.law.Shape(), leastFrailty, mostFrailty})
}
