package field

import (
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/random"
	"budget/sweep/sessionlog"
)

// startLevels counts sessions by type and by the level shown at the start, in whole per cent.
type startLevels struct{ byType[levelCounts] }

func (a *startLevels) begin(*model.Scenario) { *a = startLevels{} }

func (a *startLevels) add(x *sessionlog.Session) {
	if math.IsNaN(x.Start) {
		return
	}
	a.of(x.Type)[percent(x.Start)]++
}

func (a *startLevels) merge(other accumulator) {
	a.mergeTypes(&other.(*startLevels).byType, (*levelCounts).add)
}

func (a *startLevels) check(s *model.Scenario) error {
	return a.checkTypes(s, func(n *levelCounts) error {
		return possible(!slices.ContainsFunc(n[:], func(k int64) bool { return !isCount(k) }))
	})
}

// fit finds the law of the level at the start of each session type.
func (a *startLevels) fit(f *lawFit) {
	shown := newShownLevels(f.scenario)
	var types []string
	var all levelCounts
	apart := 0.0 // greatest log likelihoods, each type with a law of its own
	for _, session := range f.scenario.Sessions {
		of := a.types[session.ID]
		if of == nil || of.total() == 0 {
			continue
		}
		f.startLevel(session, *of, shown)
		if n, _ := shown.possible(*of); n.total() >= fewStarts {
			_, greatest := shown.likeliest(n)
			types, apart = append(types, session.ID), apart+greatest
			all.add(&n)
		}
	}
	if len(a.types) == 0 {
		f.missing("start_level_alpha, start_level_beta", "no row has a level at the start")
	}
	if len(types) > 1 {
		_, together := shown.likeliest(all)
		p := estimate.ChiSquaredAbove(2*(apart-together), 2*(len(types)-1))
		if p < differs {
			f.Remarks = append(f.Remarks, fmt.Sprintf("Start levels differ between session types "+
				"(p = %.2g); each has its own law.", p))
		}
	}
}

// fewStarts is the number of starts below which only the prior makes a law of them.
const fewStarts = 20

// startLevel fits the law of the level at the start of a session type.
func (f *lawFit) startLevel(session *model.Session, n levelCounts, shown *shownLevels) {
	alpha := f.scenario.Parameter(ownKey(session.StartLevelAlpha != nil, session.ID, "population",
		"start_level_alpha"))
	beta := f.scenario.Parameter(ownKey(session.StartLevelBeta != nil, session.ID, "population",
		"start_level_beta"))
	n, impossible := shown.possible(n)
	if impossible > 0 {
		f.Remarks = append(f.Remarks, fmt.Sprintf("%s of %s below the least start level "+
			"(population.start_level_min): left out of its law.", several(impossible, "start"), session.ID))
	}
	shape := func(l law) law { return limited{l, random.MinBetaShape, random.MaxBetaShape} }
	key, from := "session."+session.ID+".start_level_", several(n.total(), "start")
	if n.total() == 0 || f.prior == JeffreysPrior && n.total() < fewStarts {
		f.missing(key+"alpha, "+key+"beta", "only %s with a level", from)
		return
	}
	priorAlpha, kindAlpha := beforeShape(f.prior, alpha, random.MinBetaShape, random.MaxBetaShape)
	priorBeta, kindBeta := beforeShape(f.prior, beta, random.MinBetaShape, random.MaxBetaShape)
	a, b := estimate.Marginals(func(x, y float64) float64 {
		return shown.logLikelihood(n, x, y) + priorAlpha.logDensity(x) + priorBeta.logDensity(y)
	}, [2]float64{math.Log(alpha.Values[0]), math.Log(beta.Values[0])})
	shareAlpha := max(0, 1-a.Variance()/priorAlpha.variance)
	shareBeta := max(0, 1-b.Variance()/priorBeta.variance)
	told := min(shareAlpha, shareBeta) >= 0.5 || isMeasured(alpha)
	f.found(Law{Key: key + "alpha", Prior: kindAlpha, Cases: n.total(), From: from,
		Share: shareAlpha, Told: told, Assumed: alpha}, shape(a))
	f.found(Law{Key: key + "beta", Prior: kindBeta, Cases: n.total(), From: from,
		Share: shareBeta, Told: told, Assumed: beta}, shape(b))
	if p := shown.fits(n, math.Log(a.Mean()), math.Log(b.Mean())); p < differs {
		f.Remarks = append(f.Remarks, fmt.Sprintf("Start levels of %s do not follow the model's law "+
			"(p = %.2g).", session.ID, p))
	}
}
