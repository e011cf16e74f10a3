package live

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/solver"
)

// Control is something that a reader can move. It sets a flag of budget caps, or a key by --set.
type Control struct {
	Name  string `json:"name"`  // of the flag, or the key
	Set   bool   `json:"set"`   // it sets a key
	Label string `json:"label"` // what it is
	Value string `json:"value"` // as the flag or the setting has it, "" where it is not given
	Shown string `json:"shown"` // what holds, in words
	Moved bool   `json:"moved"` // it is not as the page was started

	Options []Option `json:"options,omitempty"` // a choice
	Usual   string   `json:"usual"`             // of the options, what holds where none is given
	// A number has a track from Low to High, in Unit. At is its place, null where nothing is given.
	Unit   string  `json:"unit"`
	Number bool    `json:"number"`
	At     float64 `json:"at"`
	Low    float64 `json:"low"`
	High   float64 `json:"high"`
	Step   float64 `json:"step"`
	Log    bool    `json:"log"`

	Evidence string `json:"evidence"`
	Source   string `json:"source"`
	Cited    string `json:"cited"` // what the source's tags stand for
	Extra    bool   `json:"extra"` // the reader has asked for it
	// Also moves something of the same: the air of a place, the phases of a timer.
	Also *Control `json:"also,omitempty"`
}

// Option is one of a few choices.
type Option struct {
	Value string `json:"value"`
	Text  string `json:"text"`
}

// Asked is what a page asks: flags of budget caps, over a scenario.
type Asked struct {
	Base, Scenario *model.Scenario // without what is set, and with it
	Session, Usual string          // the type asked for, and the one that the page starts with
	Timer          string          // "" for single sessions
	Tolerance      float64
	Plan           float64 // [s]
	StartLevel     *float64
	Environment    string
	Device         string
	OnResign       string
	CountRefused   bool
	Seed           uint64
	Rates          []string // keys of the rules of the system that are offered to move, in order
	Set            []string // keys that are set
	Also           []string // keys that the reader wants to move, too
	Values         map[string]string
}

// MostRates is the number of rules of the system that a page always offers to move.
const MostRates = 4

// rateLabels say what the rules of the system do that nobody outside Apple knows. LOW and VERY-LOW
// stand for the battery levels of the scenario.
var rateLabels = map[string]string{
	"policy.suppress_base":     "Ends sessions for no visible reason",
	"policy.suppress_serious":  "Ends sessions at thermal level serious",
	"policy.suppress_critical": "Ends sessions at thermal level critical",
	"policy.suppress_low":      "Ends sessions at LOW battery or less",
	"policy.suppress_very_low": "Ends sessions at VERY-LOW battery or less",
	"policy.suppress_lpm":      "Ends sessions in Low Power Mode",
	"policy.refuse_lpm":        "Refuses starts in Low Power Mode",
	"policy.refuse_critical":   "Refuses starts at thermal level critical",
	"policy.prompt_resign":     "Alert at LOW battery covers the app",
	"policy.warning_max":       "Longest warning before a grant is used up",
	"policy.pressure_low":      "Cuts grants short at LOW battery or less",
	"policy.pressure_serious":  "Cuts grants short at thermal level serious",
	"policy.pressure_critical": "Cuts grants short at thermal level critical",
}

// rateLabel says what a rule of the system does.
func rateLabel(key string, p *model.Policy) string {
	return strings.NewReplacer("VERY-LOW", notation.Percent(float64(p.VeryLowBattery)),
		"LOW", notation.Percent(float64(p.LowBattery))).Replace(cmp.Or(rateLabels[key], key))
}

// Controls lists what a page offers to move: at most twelve, in the order of the page, and then
// what else is set.
func Controls(q Asked) []Control {
	all := controls(q)
	for i := range all {
		for _, c := range model.Cite(all[i].Source) {
			all[i].Cited = strings.TrimSpace(all[i].Cited + "\n" + c.Tag + ": " + c.Text)
		}
	}
	return all
}

func controls(q Asked) []Control {
	s := q.Scenario
	session := s.Session(q.Session)
	all := []Control{q.sessionControl(), q.toleranceControl(), q.levelControl()}
	all = append(all, q.placeControl(), q.deviceControl())
	load := s.PowerScaleOf(session).Key
	cue := "workload." + session.Workload + ".cue_every"
	all = append(all, q.keyControl(load, "Load of the app, as a factor"),
		q.keyControl(cue, "Regular cue every"), q.resignControl())
	known := []string{load, cue}
	for _, key := range q.Rates[:min(len(q.Rates), MostRates)] {
		all = append(all, q.keyControl(key, rateLabel(key, &s.Policy)))
		known = append(known, key)
	}
	if air := airKey(q.Environment); air != "" {
		known = append(known, air)
	}
	for _, key := range slices.Concat(q.Set, q.Also) {
		if !slices.Contains(known, key) && key != timerKey {
			all = append(all, q.keyControl(key, key))
			all[len(all)-1].Extra = true
			known = append(known, key)
		}
	}
	return all
}

// timerKey is the setting of --timer.
const timerKey = "timer.phases"

// airKey is the key of the mean air temperature of a place, "" of the mix.
func airKey(environment string) string {
	if environment == solver.Mix {
		return ""
	}
	return "environment." + environment + ".ambient_mean"
}

func (q *Asked) sessionControl() Control {
	c := Control{Name: "session", Label: "Session type", Value: q.Session, Shown: q.Session,
		Usual: q.Usual, Moved: q.Session != q.Usual, Evidence: "your choice"}
	for _, t := range q.Scenario.Sessions {
		c.Options = append(c.Options, Option{t.ID, t.Name})
	}
	c.Also = &Control{Name: "timer", Label: "As a timer, such as 2 x (45 min, rest 10 min)",
		Value: q.Timer, Shown: cmp.Or(q.Timer, "one session"), Moved: q.Timer != q.Base.Timer.Phases,
		At: math.NaN()}
	return c
}

func (q *Asked) toleranceControl() Control {
	refused := Control{Name: "count-refused", Label: "Starts that the system refuses",
		Value: "false", Usual: "false", Moved: q.CountRefused, At: math.NaN(),
		Options: []Option{{"false", "do not count"}, {"true", "count as failures"}}}
	if q.CountRefused {
		refused.Value = "true"
	}
	return Control{Name: "tolerance", Label: "May fail", Value: q.Values["tolerance"], Unit: "%",
		Shown: notation.Percent(q.Tolerance), Moved: q.Values["tolerance"] != "", Number: true,
		At: tidy(100 * q.Tolerance), Low: 0.1, High: 20, Log: true, Evidence: "your choice",
		Also: &refused}
}

func (q *Asked) levelControl() Control {
	c := Control{Name: "start-level", Label: "Battery at the start", Value: q.Values["start-level"],
		Unit: "%", Shown: "as people are", Moved: q.StartLevel != nil, Number: true, At: math.NaN(),
		Low: 4, High: 100, Step: 1}
	alpha := q.Base.Parameter("population.start_level_alpha")
	c.Evidence, c.Source = string(alpha.Evidence), "as people are: "+alpha.Source
	if q.StartLevel != nil {
		c.At, c.Shown = tidy(100**q.StartLevel), notation.Percent(*q.StartLevel)
	}
	return c
}

func (q *Asked) placeControl() Control {
	c := Control{Name: "environment", Label: "Place", Value: q.Environment, Evidence: "assumed",
		Usual: solver.Mix, Moved: q.Environment != solver.Mix,
		Source:  "shares of the mix: W:4; choose a place to set its air",
		Options: []Option{{solver.Mix, "as people are"}}}
	for i := range q.Scenario.Environments {
		id := q.Scenario.Environments[i].ID
		c.Options = append(c.Options, Option{id, notation.Sentence(id)})
	}
	c.Shown = textOf(c.Options, q.Environment)
	if key := airKey(q.Environment); key != "" {
		c.Also = q.airControl(key)
	}
	return c
}

func (q *Asked) deviceControl() Control {
	c := Control{Name: "device", Label: "Watch", Value: q.Device, Usual: solver.Fleet,
		Moved:   q.Device != solver.Fleet,
		Options: []Option{{solver.Fleet, "as people have"}}, Evidence: "assumed",
		Source: "shares of the fleet"}
	for i := range q.Scenario.Devices {
		d := q.Scenario.Devices[i]
		c.Options = append(c.Options, Option{d.ID, cmp.Or(d.Name, d.ID)})
	}
	c.Shown = textOf(c.Options, q.Device)
	return c
}

// resigns are what becomes of a session when the user leaves the app, in words.
var resigns = map[string]string{model.ResignLeave: "the session ends, no failure",
	model.ResignEnd: "the session fails", model.ResignPause: "the user comes back"}

func (q *Asked) resignControl() Control {
	c := Control{Name: "on-resign", Label: "User opens another app", Value: q.OnResign,
		Usual: q.Base.Timer.Resign, Moved: q.OnResign != q.Base.Timer.Resign, Evidence: "your choice"}
	for _, r := range model.Resigns {
		c.Options = append(c.Options, Option{r, resigns[r]})
	}
	c.Shown = textOf(c.Options, q.OnResign)
	if !q.Scenario.Session(q.Session).Frontmost && q.OnResign == model.ResignLeave {
		c.Source = "this type runs in the background: few users end it so"
	}
	return c
}

func (q *Asked) airControl(key string) *Control {
	c := q.keyControl(key, "Air at that place, on average")
	c.Low, c.High, c.Step, c.Log = -20, 45, 1, false
	return &c
}

// keyControl returns the control of a key of the scenario.
func (q *Asked) keyControl(key, label string) Control {
	c := Control{Name: key, Set: true, Label: label, Value: q.Values[key],
		Moved: slices.Contains(q.Set, key), At: math.NaN()}
	if p := q.Base.Parameter(key); p != nil {
		c.Evidence, c.Source = string(p.Evidence), p.Source
	}
	p := q.Scenario.Parameter(key)
	if strings.HasPrefix(key, "workload.") && strings.HasSuffix(key, ".cue_every") {
		c.cue(p)
		return c
	}
	if p == nil {
		c.Shown = cmp.Or(c.Value, "not given")
		return c
	}
	c.Shown = strings.ReplaceAll(withUnit(p.Text(), p.Unit), "degC", "°C")
	if len(p.Values) != 1 {
		return c // a list is typed
	}
	c.Number, c.Unit, c.At = true, plainUnit(p.Unit), numberIn(p, p.Values[0])
	usual := c.At
	if base := q.Base.Parameter(key); base != nil && len(base.Values) == 1 {
		usual = numberIn(p, base.Values[0])
	}
	c.Low, c.High = min(usual/4, usual*4, 0), max(usual*4, 1)
	if p.HasRange && p.VariedKind() == p.Kind() {
		c.Low, c.High = numberIn(p, p.Range[0]), numberIn(p, p.Range[1])
		c.Log = c.Low > 0 && c.High > 5*c.Low
	}
	return c
}

// cue makes the control one for regular cues, which a workload may have none of. They come at
// steps of time.
func (c *Control) cue(p *model.Parameter) {
	c.Number, c.Unit, c.Low, c.High, c.Step = true, "s", 10, 300, 5
	if p == nil {
		c.Shown = "none, cues come at random"
	} else {
		c.At, c.Shown = tidy(p.Values[0]), notation.Length(p.Values[0])
	}
	if c.Evidence == "" {
		c.Evidence, c.Source = "your choice", "random cues of the workload go on beside it"
	}
}

// numberIn returns a value [SI] in the unit of a parameter.
func numberIn(p *model.Parameter, si float64) float64 {
	number, _, _ := strings.Cut(p.Kind().Format(si, plainUnit(p.Unit)), " ")
	x, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// plainUnit is a unit as a value has it, "" for none.
func plainUnit(unit string) string {
	if unit == "1" {
		return ""
	}
	return unit
}

func withUnit(text, unit string) string { return strings.TrimSpace(text + " " + plainUnit(unit)) }

func textOf(options []Option, value string) string {
	for _, o := range options {
		if o.Value == value {
			return o.Text
		}
	}
	return value
}

// tidy removes the rounding error of a change of unit.
func tidy(x float64) float64 {
	y, err := strconv.ParseFloat(fmt.Sprintf("%.9g", x), 64)
	if err != nil {
		return x
	}
	return y
}
