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

// Kind is the kind of values in a column.
type Kind int

const (
	Text Kind = iota
	Real
	Whole
)

// CaseColumns identify the case of a row.
var CaseColumns = []Column{
	{"session", Text, "session type"},
	{"device", Text, "watch model, or fleet: drawn by share"},
	{"environment", Text, "environment, or mix: drawn by share"},
	{"start_level", Real,
		"true battery level at the start, as a part of 1; empty where it is drawn for each session"},
}

const readingMeaning = "reading of the granted time: cautious (heat and a low battery use it up " +
	"faster) or documented (they do not)"

// CapsColumns and IncidenceColumns follow CaseColumns in the two tables.
var (
	CapsColumns = []Column{
		{"reading", Text, readingMeaning},
		{"limit_s", Real, "limit of the session type; empty without one, and for timers, whose " +
			"sessions each have it [s]"},
		{"mean_load_w", Real, "mean power of the whole watch during the session, without the " +
			"differences between sessions [W]"},
		{"tolerance", Real, "largest accepted probability of failing"},
		{"confidence", Real, "probability that all caps of this table hold together"},
		{"cap_s", Real, "safe duration cap: the longest session whose failure stays within the " +
			"tolerance, with the confidence; 0 if no cap was found [s]"},
		{"cap_upper_s", Real, "upper end of the cap's interval; more paths narrow it [s]"},
		{"cycles", Real, "of a timer: cycles that end by the cap; empty for single sessions"},
		{"cycle_ends_s", Text, "of a timer: ends of all its cycles, without margins, with spaces " +
			"between them; of its sessions, where it repeats nothing or cycles share one [s]"},
		{"failure_at_cap", Real, "estimated probability of failing at the cap"},
		{"binding_cause", Text, "most frequent cause of failure one step beyond the cap"},
		{"failure_at_limit", Real, "estimated probability that the shortest session as long as the " +
			"limit fails; empty without a limit"},
		{"resigned_at_cap", Real, "estimated share of users who have left for another app by the cap"},
		{"completed_at_cap", Real, "estimated share of sessions that reach the cap"},
		{"refused", Real, "estimated share of starts that are refused; failing, resigned and " +
			"completed are shares of the other sessions"},
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
		{"robust_cap_s", Real, "cap that is safe for the robust share of the draws; 0 if no cap was found [s]"},
		{"robust_share", Real, "that share"},
		{"range_longest_s", Real, "longest session length examined for the range [s]"},
	}
	// ConditionColumns end the tables of a run. They are the same in every row, so that a row says
	// what it is of without the files beside it.
	ConditionColumns = []Column{
		{"scenario", Text, "name of the scenario"},
		{"overrides", Text, "every input that differs from the catalog, by scenario file or flag: " +
			"key = value, with semicolons between them; empty for the defaults"},
	}
	IncidenceColumns = []Column{
		{"reading", Text, readingMeaning},
		{"duration_s", Real, "session length [s]"},
		{"cause", Text, "how sessions ended by then, as people use the app; survival: nothing ended " +
			"them; among sessions that start, for users who mean to finish, failure: the session fails, " +
			"and completed: nothing ends it"},
		{"probability", Real, "estimated probability"},
		{"standard_error", Real, "its standard error"},
		{"lower", Real, "lower bound of its interval"},
		{"upper", Real,
			"upper bound of its interval; each interval holds by itself with the confidence"},
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

// none reports whether the number is missing.
func (v *Value) none() bool { return math.IsNaN(v.number) || math.IsInf(v.number, 0) }

// TextValue, RealValue and WholeValue return values of the three kinds.
func TextValue(s string) Value  { return Value{kind: Text, text: s} }
func RealValue(x float64) Value { return Value{kind: Real, number: x} }
func WholeValue(n int64) Value  { return Value{kind: Whole, whole: n} }

// Number formats a number for files with twelve significant digits. NaN and infinity (the
// standard error of a single block) are missing: "".
func Number(x float64) string { return string(appendNumber(nil, x)) }

func appendNumber(to []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return to
	}
	return strconv.AppendFloat(to, x, 'g', 12, 64)
}
