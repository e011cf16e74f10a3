package field

import (
	"math"
	"slices"
	"sort"

	"budget/model"
	"budget/solver/estimate"
)

// Group is a set of causes that count as one outcome.
type Group struct {
	Name   string
	Causes []model.Cause
}

// Groups are the outcomes for planners: sessions that fail, that are left for another
// app, and that are stopped.
var Groups = []Group{{"fails", model.Failures}, {"resigned", []model.Cause{model.Resigned}},
	{"stopped", []model.Cause{model.Stopped}}}

// Incidence is the observed probability that a session of a given length ends with an
// outcome.
type Incidence struct {
	Duration float64 // planned length [s]
	Outcome  string  // name of a group or a cause
	AtRisk   int
	Value    float64
	estimate.Interval
}

// Observed is the summary of a log's sessions of a type.
type Observed struct {
	Type              string
	Sessions          int
	Time              float64 // total runtime [s]
	Shortest, Longest float64 // planned lengths [s]; NaN if all sessions are open-ended
	Ended             []int   // by model.Cause, Completed included
	Durations         []float64
	Incidences        []Incidence // by duration, then groups, then causes outside of groups
	Drain             Drain

	together []estimate.IncidencePoint // of Groups
}

// looks is the number of durations of the incidence.
const looks = 4

// timeSlack allows for the rounding of minutes in a log [s].
const timeSlack = 0.5

// Observe returns how the sessions of a log ended, by type: the cumulative incidence of
// failing, resigning and stopping and of every cause. Every single interval has the given
// confidence. Sessions that reached their planned length are censored there, so sessions
// of all lengths give one curve (Aalen and Johansen).
func Observe(l *Log, s *model.Scenario, confidence float64) []Observed {
	var out []Observed
	for _, session := range s.Sessions {
		if ends := l.Statistics.Ends.types[session.ID]; ends != nil {
			o := observe(ends, s, confidence)
			o.Type, o.Drain = session.ID, l.Statistics.Drains.drain(session.ID)
			out = append(out, o)
		}
	}
	return out
}

func observe(ends *typeEnds, s *model.Scenario, confidence float64) Observed {
	o := Observed{Sessions: int(ends.sessions()), Time: float64(ends.Runtime) / 1000,
		Ended: make([]int, model.Completed+1), Shortest: math.NaN(), Longest: math.NaN()}
	if ends.Longest > 0 {
		o.Shortest, o.Longest = float64(ends.Shortest)/1000, float64(ends.Longest)/1000
	}
	for c := range ends.ByCause {
		o.Ended[c] = int(ends.ByCause[c].total())
	}
	margin := float64(s.Grid.Margin)
	o.Durations = durations(ends.runtimes(), float64(s.Grid.Step))
	causes := make([]Group, 0, len(model.Ends))
	for _, c := range model.Ends {
		causes = append(causes, Group{c.String(), []model.Cause{c}})
	}
	together, apart := curve(ends, Groups), curve(ends, causes)
	o.together = together
	alpha := (1 - confidence) / 2
	for _, d := range o.Durations {
		o.Incidences = append(o.Incidences, at(together, Groups, d, d+margin+timeSlack, alpha)...)
		for _, in := range at(apart, causes, d, d+margin+timeSlack, alpha) {
			if !slices.ContainsFunc(Groups, func(g Group) bool { return g.Name == in.Outcome }) {
				o.Incidences = append(o.Incidences, in)
			}
		}
	}
	return o
}

// curve returns the Aalen–Johansen estimate of groups of causes. Causes in no group are censored,
// like sessions that reached their planned length.
func curve(ends *typeEnds, groups []Group) []estimate.IncidencePoint {
	var times []float64
	var causes, counts []int
	var group [model.Completed + 1]int
	for c := range group {
		group[c] = 1 + slices.IndexFunc(groups,
			func(g Group) bool { return slices.Contains(g.Causes, model.Cause(c)) })
	}
	for v := range ends.runtimes().all() {
		for c := range ends.ByCause {
			if n := ends.ByCause[c].count(v); n > 0 {
				times, causes, counts = append(times, float64(v)/ticks), append(causes, group[c]),
					append(counts, int(n))
			}
		}
	}
	return estimate.AalenJohansen(times, causes, counts, len(groups))
}

// at returns the incidences of a curve at a time [s], for sessions of a planned
// length.
func at(points []estimate.IncidencePoint, groups []Group, duration, time,
	alpha float64) []Incidence {
	last := sort.Search(len(points), func(i int) bool { return points[i].Time > time }) - 1
	var out []Incidence
	for i, g := range groups {
		p := points[0]
		if last >= 0 {
			p = points[last]
		} else { // before the first point
			p.Incidence, p.StandardError = make([]float64, len(groups)), make([]float64, len(groups))
		}
		out = append(out, Incidence{duration, g.Name, p.AtRisk, p.Incidence[i],
			p.Interval(i+1, alpha, alpha)})
	}
	return out
}

// durations returns the durations of the incidence: near the quarters of the longest
// time that a tenth of the sessions, and at least ten (or all, if there are fewer),
// have run. They are multiples of 15, 5 or 1 min, or of the step, the first of these
// that gives four different durations.
func durations(runtimes *histogram, step float64) []float64 {
	n := runtimes.total()
	needed := min(max(10, n/10), n)
	longest := runtimes.ranked(n-needed)/ticks + timeSlack
	unit := step
	for _, minutes := range []float64{1, 5, 15} {
		if rounded := step * math.Max(1, math.Round(60*minutes/step)); longest >= 2*looks*rounded {
			unit = rounded
		}
	}
	last := math.Floor(longest/unit+1e-9) * unit
	var out []float64
	for k := 1; k <= looks; k++ {
		d := min(math.Round(longest*float64(k)/looks/unit)*unit, last)
		if d > 0 && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}
