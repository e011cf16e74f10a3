package field

import (
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep/sessionlog"
)

// refusals counts starts by session type.
type refusals struct{ byType[refusalCounts] }

// refusalCounts counts starts by what is known about Low Power Mode, by whether they were
// refused, and by whether the worst thermal state was critical.
type refusalCounts [3][2][2]int64

const (
	modeOff = iota
	modeOn
	modeUnknown
)

func (a *refusals) begin(*model.Scenario) { *a = refusals{} }

func (a *refusals) add(x *sessionlog.Session) {
	mode, refused, critical := modeUnknown, 0, 0
	switch {
	case x.HasLPM && x.LPM:
		mode = modeOn
	case x.HasLPM:
		mode = modeOff
	}
	if x.Cause == model.Refused {
		refused = 1
	}
	if x.HasThermal && x.Thermal == model.Critical {
		critical = 1
	}
	a.of(x.Type)[mode][refused][critical]++
}

func (a *refusals) merge(other accumulator) {
	a.mergeTypes(&other.(*refusals).byType, (*refusalCounts).add)
}

func (a *refusals) check(s *model.Scenario) error {
	return a.checkTypes(s, func(n *refusalCounts) error {
		for _, of := range n {
			for _, k := range slices.Concat(of[0][:], of[1][:]) {
				if !isCount(k) {
					return errImpossible
				}
			}
		}
		return nil
	})
}

func (n *refusalCounts) add(m *refusalCounts) {
	for mode := range n {
		for refused := range n[mode] {
			for critical := range n[mode][refused] {
				n[mode][refused][critical] += m[mode][refused][critical]
			}
		}
	}
}

const keyRefuseCritical = "policy.refuse_critical"

// fit finds the probabilities that a start is refused: for reasons of the session type, from
// starts without Low Power Mode, and under it, a quantity of the policy or of the type. Sessions
// with a critical thermal state are left out, since it may have been that at the start.
func (a *refusals) fit(f *lawFit) {
	var groups []lowPowerStarts
	var hot int64
	for _, session := range f.scenario.Sessions {
		n := a.types[session.ID]
		if n == nil || *n == (refusalCounts{}) {
			continue
		}
		hot += n[modeOff][1][1] + n[modeOn][1][1] + n[modeUnknown][1][1]
		key := ownKey(session.RefuseLPM != nil, session.ID, "policy", "refuse_lpm")
		at := slices.IndexFunc(groups, func(g lowPowerStarts) bool { return g.key == key })
		if at < 0 {
			at, groups = len(groups), append(groups, lowPowerStarts{key: key})
		}
		groups[at].add(*n, n.refuse(f, session))
	}
	for _, g := range groups {
		g.fit(f)
	}
	if hot > 0 {
		f.missing(keyRefuseCritical, "%s refused at a critical thermal state; the log does not say "+
			"how many others began at it", several(hot, "start"))
	}
}

// refuse fits the type's refuse, and returns equally likely values of it.
func (n refusalCounts) refuse(f *lawFit, session *model.Session) []float64 {
	key := "session." + session.ID + ".refuse"
	policy := f.scenario.Policy.Of(session)
	refused, began := n[modeOff][1][0], n[modeOff][0][0]
	if policy.RefuseLPM == 0 { // the mode does not matter
		refused += n[modeUnknown][1][0]
		began += n[modeUnknown][0][0]
	} else if k := n[modeUnknown][1][0]; k > 0 {
		f.missing(key, "%s refused, and their rows do not say whether Low Power Mode was on (column "+
			"lpm)", starts(k, k+n[modeUnknown][0][0]))
	}
	if refused > 0 || refused+began > 0 && session.Refuse > 0 {
		const values = 16
		posterior := f.share(key, refused, refused+began, " without Low Power Mode")
		var all []float64
		for i := range values {
			all = append(all, posterior.Quantile((float64(i)+0.5)/values))
		}
		return all
	}
	return []float64{float64(session.Refuse)}
}

// lowPowerStarts are the starts of session types with the same refuse_lpm.
type lowPowerStarts struct {
	key     string
	types   []lowPowerType
	known   bool // some rows say whether Low Power Mode was on
	on      int64
	refused int64
}

// lowPowerType are the starts of a session type in Low Power Mode, and how many are refused for
// other reasons.
type lowPowerType struct {
	refused, began int64
	otherwise      []float64 // equally likely
}

// logLikelihood returns the log likelihood of the starts for a probability q of a refusal for Low
// Power Mode, whatever the one for other reasons, up to a constant.
func (x lowPowerType) logLikelihood(q float64) float64 {
	top, logs := math.Inf(-1), make([]float64, len(x.otherwise))
	for i, r := range x.otherwise {
		start := (1 - q) * (1 - r)
		logs[i] = float64(x.refused)*math.Log1p(-start) + float64(x.began)*math.Log(start)
		top = max(top, logs[i])
	}
	sum := 0.0
	for _, y := range logs {
		sum += math.Exp(y - top)
	}
	return top + math.Log(sum)
}

func (g *lowPowerStarts) add(n refusalCounts, otherwise []float64) {
	x := lowPowerType{n[modeOn][1][0], n[modeOn][0][0], otherwise}
	g.types = append(g.types, x)
	g.on += x.refused + x.began
	g.refused += x.refused
	g.known = g.known || n[modeOn] != [2][2]int64{} || n[modeOff] != [2][2]int64{}
}

// fit finds the probability q of a refusal for Low Power Mode. Where starts are refused for other
// reasons with the probability r, too, a start in Low Power Mode is not refused with (1−q)(1−r).
func (g *lowPowerStarts) fit(f *lawFit) {
	p := f.scenario.Parameter(g.key)
	switch {
	case g.refused == 0 && p.Values[0] == 0 && !p.HasRange: // stays 0 until the log has one
		return
	case !g.known:
		f.missing(g.key, noLowPower)
		return
	case g.on == 0:
		f.missing(g.key, "no start in Low Power Mode")
		return
	}
	const where = " in Low Power Mode"
	if !slices.ContainsFunc(g.types, func(x lowPowerType) bool { return x.otherwise[0] > 0 }) {
		f.share(g.key, g.refused, g.on, where)
		return
	}
	before, prior := beforeShare(f.prior, p)
	const least, points = -16.0, 400 // of ln q
	step := -least / points
	logs := make([]float64, points)
	for i := range logs {
		q := math.Exp(least + step*(float64(i)+0.5))
		logs[i] = before.A*math.Log(q) + (before.B-1)*math.Log1p(-q)
		for _, x := range g.types {
			logs[i] += x.logLikelihood(q)
		}
	}
	f.found(shareLaw(g.key, before, prior, g.refused, g.on, where, p),
		estimate.NewLogGrid(least+step/2, step, logs))
}
