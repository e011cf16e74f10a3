package sessioncaps

import (
	"math"

	"budget/sweep/starts"
)

// Schema is the version of the form. It changes when readers of the previous version
// would misread the new one.
const Schema = 1

// document is the content of the JSON form and the property list.
type document struct {
	Head
	Sessions []session `json:"sessions" plist:"sessions"`
}

// Head is everything except the caps.
type Head struct {
	Schema        int                 `json:"schema" plist:"schema"`
	About         about               `json:"about" plist:"about"`
	Levels        []starts.LevelBin   `json:"levels" plist:"levels"`
	ThermalStates []string            `json:"thermal_states" plist:"thermal_states"`
	Watches       []starts.WatchClass `json:"watches" plist:"watches"`
}

// about is the provenance of the caps.
type about struct {
	Program        string  `json:"program" plist:"program"`
	Version        string  `json:"version" plist:"version"`
	Scenario       string  `json:"scenario" plist:"scenario"`
	ScenarioDigest string  `json:"scenario_digest" plist:"scenario_digest"`
	CatalogDigest  string  `json:"catalog_digest" plist:"catalog_digest"`
	Seed           uint64  `json:"seed" plist:"seed"`
	Reading        string  `json:"reading" plist:"reading"`
	OnResign       string  `json:"on_resign" plist:"on_resign"`
	Confidence     float64 `json:"confidence" plist:"confidence"`
	Family         int     `json:"family" plist:"family"`
	Drawn          int64   `json:"drawn" plist:"drawn"`
	Quota          int64   `json:"quota" plist:"quota"`
	Assumed        int     `json:"assumed" plist:"assumed"`
	Meaning        string  `json:"meaning" plist:"meaning"`
	Pooling        string  `json:"pooling" plist:"pooling"`
	Caveat         string  `json:"caveat" plist:"caveat"`
}

type session struct {
	ID    string `json:"id" plist:"id"`
	Name  string `json:"name" plist:"name"`
	Limit int    `json:"limit_s" plist:"limit_s"` // 0: none, or a timer
	// Cycles are the ends of the cycles of a timer.
	Cycles []int            `json:"cycle_ends_s,omitempty" plist:"cycle_ends_s,omitempty"`
	Tables []toleranceTable `json:"tables" plist:"tables"`
}

type toleranceTable struct {
	Tolerance float64 `json:"tolerance" plist:"tolerance"`
	Fixed     int     `json:"fixed_s" plist:"fixed_s"` // the one cap for everyone; 0: none
	Rows      []row   `json:"rows" plist:"rows"`
}

// row holds the caps of one watch class, mode and thermal state, by level.
type row struct {
	Watch    string   `json:"watch" plist:"watch"`
	LowPower bool     `json:"low_power_mode" plist:"low_power_mode"`
	Thermal  string   `json:"thermal_state" plist:"thermal_state"`
	Cap      []int    `json:"cap_s" plist:"cap_s"`     // 0: no cap
	Upper    []int    `json:"upper_s" plist:"upper_s"` // upper end of the own cap's interval
	Basis    []string `json:"basis" plist:"basis"`
	From     []string `json:"from" plist:"from"`
	Paths    []int64  `json:"paths" plist:"paths"`
}

const (
	meaning = "For users who mean to finish: of the sessions that start in a row's state and level " +
		"bin and are as long as its cap, at most the tolerance fail. At a single level within a bin, " +
		"above all its lowest, more may fail. A cap of 0 is no cap: offer no session of promised " +
		"length. All caps of the file hold together with the confidence."
	pooling = "Basis own: from simulated sessions that start so. Lent: there are too few of these; " +
		"uses the cap of the lower battery level in from, since less battery never allows more. " +
		"Held: limited to the cap in from, of a start with at least as much battery that is at " +
		"least as cool. Tolerance: no cap, since even the shortest length fails too often. " +
		"Samples: too few sessions simulated to find a cap."
	caveat = "The caps hold for the model and its assumptions. They do not cover wrong assumptions."
)

func newDocument(s *starts.Result) *document {
	p := &s.Provenance
	d := &document{Head: Head{
		Schema: Schema, Levels: s.Levels, ThermalStates: starts.ThermalStates, Watches: s.Watches,
		About: about{
			Program: "budget", Version: p.Version, Scenario: p.Scenario,
			ScenarioDigest: p.ScenarioDigest, CatalogDigest: p.CatalogDigest, Seed: p.Seed,
			Reading: p.Readings[0], OnResign: p.OnResign, Confidence: p.Confidence,
			Family: s.Family, Drawn: s.Drawn, Quota: s.Quota,
			Assumed: len(p.Assumed), Meaning: meaning, Pooling: pooling, Caveat: caveat,
		},
	}}
	for i := range s.Tables {
		t := &s.Tables[i]
		if n := len(d.Sessions); n == 0 || d.Sessions[n-1].ID != t.Session {
			d.Sessions = append(d.Sessions,
				session{ID: t.Session, Name: t.SessionName, Limit: seconds(t.Limit)})
			for _, end := range t.Cycles.Ends() {
				d.Sessions[n].Cycles = append(d.Sessions[n].Cycles, seconds(end))
			}
		}
		of := &d.Sessions[len(d.Sessions)-1]
		of.Tables = append(of.Tables,
			toleranceTable{t.Tolerance, seconds(t.Fixed.Cap), rows(t.Cells, len(s.Levels))})
	}
	return d
}

func rows(cells []starts.Cell, levels int) []row {
	var out []row
	for ; len(cells) > 0; cells = cells[levels:] {
		r := row{Watch: cells[0].Watch, LowPower: cells[0].LowPower, Thermal: cells[0].Thermal}
		for _, c := range cells[:levels] {
			r.Cap, r.Upper = append(r.Cap, seconds(c.Cap)), append(r.Upper, seconds(c.OwnUpper))
			r.Basis, r.From = append(r.Basis, string(c.Basis)), append(r.From, c.From)
			r.Paths = append(r.Paths, c.Paths)
		}
		out = append(out, r)
	}
	return out
}

// seconds rounds down; the slack allows for the rounding of a multiple of the
// step.
func seconds(s float64) int { return int(math.Floor(s + 1e-6)) }
