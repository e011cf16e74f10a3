package table

import (
	"math"
	"strconv"
	"strings"

	"budget/sweep"
)

// Column is a column of a table of a sweep.
type Column struct {
	Name    string
	Kind    Kind
	Meaning string
}

// Kind is what a column holds.
type Kind int

const (
	Text Kind = iota
	Real
	Whole
)

// CaseColumns say what a row is for.
var CaseColumns = []Column{
	{"session", Text, "session type"},
	{"device", Text, "watch model, or fleet: drawn by share"},
	{"environment", Text, "environment, or mix: drawn by share"},
	{"start_level", Real,
		"true battery level at the start, as a part of 1; empty where it is drawn for each session"},
}

// CapsColumns and IncidenceColumns are what follows in the two tables.
var (
	CapsColumns = []Column{
		{"reading", Text,
			"reading of the granted time: cautious (pressure uses it up faster) or documented (it does not)"},
		{"limit_s", Real, "limit of the session type; empty without one [s]"},
		{"mean_load_w", Real, "power of the whole watch on average while the session runs, before what " +
			"differs from session to session [W]"},
		{"tolerance", Real, "largest accepted probability of failing"},
		{"confidence", Real, "probability that all caps of this table hold together"},
		{"cap_s", Real, "safe duration cap: the longest plan whose failure stays within the tolerance, " +
			"with the confidence; 0 where there is none [s]"},
		{"cap_upper_s", Real, "how long the cap could be at most, as far as these paths tell [s]"},
		{"failure_at_cap", Real, "estimated probability of failing at the cap"},
		{"binding_cause", Text, "largest cause of failure one step beyond the cap"},
		{"failure_at_limit", Real, "estimated probability that the shortest plan as long as the " +
			"limit fails; empty without a limit"},
		{"resigned_at_cap", Real, "estimated share of sessions that have lost the front by the cap"},
		{"completed_at_cap", Real, "estimated share of sessions that nothing has ended by the cap"},
		{"refused", Real, "estimated share of all sessions whose start is refused; the others are " +
			"what failing, resigned and completed are shares of"},
		{"status", Text, statuses()},
		{"paths", Whole, "simulated sessions"},
	}
	// RunColumns follow in the table of caps of a run; they are empty but under the first
	// reading.
	RunColumns = []Column{
		{"gate", Real, "displayed level at the start from which the app lets a session start, as a " +
			"part of 1; empty without a gate"},
		{"left_out", Real, "share of sessions that start below the gate"},
		{"gated_cap_s", Real, "cap of the sessions that start at the gate or above [s]"},
		{"gated_cap_upper_s", Real, "upper end of its interval [s]"},
		{"gated_status", Text, "as status"},
		{"cap_p5_s", Real, "5 % of the draws of the uncertain inputs have a shorter cap (best " +
			"estimates); empty where they were not examined [s]"},
		{"cap_p50_s", Real, "50 % of the draws have a shorter cap [s]"},
		{"cap_p95_s", Real, "95 % of the draws have a shorter cap [s]"},
		{"robust_cap_s", Real, "cap that holds for the robust share of the draws; 0 where there is none [s]"},
		{"robust_share", Real, "that share"},
		{"range_longest_s", Real, "longest session length examined for the range [s]"},
	}
	IncidenceColumns = []Column{
		{"reading", Text,
			"reading of the granted time: cautious (pressure uses it up faster) or documented (it does not)"},
		{"duration_s", Real, "planned duration [s]"},
		{"cause", Text, "how sessions ended by then, as people use the app; survival: not at all; " +
			"of sessions that start, of a user who means to finish, failure: the plan fails, and " +
			"completed: nothing ends it"},
		{"probability", Real, "estimated probability"},
		{"standard_error", Real, "its standard error"},
		{"lower", Real, "lower bound of its interval"},
		{"upper", Real,
			"upper bound of its interval; each interval holds with the plan's confidence by itself"},
		{"estimator", Text, "weights, or counts of simulated events"},
		{"paths", Whole, "simulated sessions"},
	}
)

// statuses explains the statuses of caps.
func statuses() string {
	var all []string
	for _, s := range sweep.CapStatuses() {
		text := string(s) + ": "
		if s.Name() != "" {
			text += s.Name() + ", "
		}
		all = append(all, text+s.Meaning())
	}
	return strings.Join(all, "; ")
}

// Value is a value of a table: a text, a number (NaN and infinity are missing) or a whole
// number.
type Value struct {
	kind   Kind
	text   string
	number float64
	whole  int64
}

// none reports whether a number is missing.
func (v *Value) none() bool { return math.IsNaN(v.number) || math.IsInf(v.number, 0) }

// TextValue, RealValue and WholeValue make values of the three kinds of columns.
func TextValue(s string) Value  { return Value{kind: Text, text: s} }
func RealValue(x float64) Value { return Value{kind: Real, number: x} }
func WholeValue(n int64) Value  { return Value{kind: Whole, whole: n} }

// Number writes a number for files: twelve significant digits. A missing one is empty: NaN,
// or the infinite standard error of a single block.
func Number(x float64) string { return string(appendNumber(nil, x)) }

func appendNumber(to []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return to
	}
	return strconv.AppendFloat(to, x, 'g', 12, 64)
}
