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
	counts := make([]levelCounts, len(f.scenario.Sessions)) // by type, 0 if there are few
	greatest := make([]float64, len(counts))                // log likelihoods, each of its own law
	f.each(len(counts), func(f *lawFit, i int) {
		session := f.scenario.Sessions[i]
		of := a.types[session.ID]
		if of == nil || of.total() == 0 {
			return
		}
		f.startLevel(session, *of, shown)
		if n, _ := shown.possible(*of); n.total() >= fewStarts {
			counts[i] = n
			_, greatest[i] = shown.likeliest(n)
		}
	})
	var all levelCounts
	types, apart := 0, 0.0
	for i := range counts {
		if counts[i] != (levelCounts{}) {
			types, apart = types+1, apart+greatest[i]
			all.add(&counts[i])
		}
	}
	if len(a.types) == 0 {
		f.missing("start_level_alpha, start_level_beta", "no row has a level at the start")
	}
	if types > 1 {
		_, together := shown.likeliest(all)
		p := estimate.ChiSquaredAbove(2*(apart-together), 2*(types-1))
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
