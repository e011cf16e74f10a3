package sweep

import (
	"strconv"
	"strings"

	"budget/model"
)

// Provenance records the inputs of a result. It is the same for two runs of the
// same inputs.
type Provenance struct {
	Version        string    `json:"version"`               // of the program
	CodeDigest     string    `json:"code_digest,omitempty"` // CodeDigest of the program
	Go             string    `json:"go"`
	Kernel         string    `json:"kernel"` // that stepped the paths
	Scenario       string    `json:"scenario"`
	ScenarioDigest string    `json:"scenario_digest"`
	CatalogDigest  string    `json:"catalog_digest"`
	Seed           uint64    `json:"seed"`
	Step           float64   `json:"step_s"` // of the simulation and of durations [s]
	Estimator      string    `json:"estimator"`
	Sampling       string    `json:"sampling"`
	OnResign       string    `json:"on_resign"`
	CountRefused   bool      `json:"count_refused,omitempty"` // refused starts are failures
	Readings       []string  `json:"readings"`
	Tolerances     []float64 `json:"tolerances,omitempty"`
	Confidence     float64   `json:"confidence"`
	Caps           int       `json:"caps"` // that hold together (Request.Family)
	Precision      string    `json:"precision"`
	// Precision of a cap in a run until decided: [s], and relative to the cap.
	PrecisionSeconds  float64  `json:"precision_s,omitempty"`
	RelativePrecision float64  `json:"relative_precision,omitempty"`
	MaxPaths          int64    `json:"max_paths,omitempty"` // per case, of a run until decided
	Outcome           string   `json:"outcome"`
	StartLevel        *float64 `json:"start_level,omitempty"`
	Gate              float64  `json:"gate,omitempty"` // Request.Gate as a part of 1
	// Margin is what a session needs beyond its length [s].
	Margin  float64   `json:"margin_s"`
	Offered []float64 `json:"offered_s,omitempty"` // session lengths
	// longest session considered, instead of each session type's horizon
	Duration  float64    `json:"duration_s,omitempty"`
	Overrides []Override `json:"overrides"`
	Timer     string     `json:"timer,omitempty"` // phases, as given to budget timer
	// What else budget timer was asked for: timers to choose from, the lengths of its map [s],
	// that all phases lengthen in proportion, that rests stay in the session, and several words
	// for what becomes of it when the user leaves.
	Menu         string    `json:"offer,omitempty"`
	Map          []float64 `json:"map_s,omitempty"`
	InProportion bool      `json:"in_proportion,omitempty"`
	Keep         bool      `json:"keep,omitempty"`
	Resign       []string  `json:"resign,omitempty"`
	// Restart: a new session starts when the granted time is used up.
	Restart bool `json:"restart,omitempty"`
	// what the command line sets over the scenario file, as typed, and the workload that it gives
	Set      []string `json:"set,omitempty"`
	Workload string   `json:"workload,omitempty"`
	// paths of the entries that the scenario adds, such as "device.my-watch"
	Added []string `json:"added,omitempty"`
	// keys of the quantities that are assumed or anecdotal
	Assumed []string    `json:"assumed"`
	Paths   []CasePaths `json:"paths"` // by case, for all cases of the request
	// IncidenceReading is the reading of the incidence curves: the first.
	IncidenceReading string `json:"incidence_reading,omitempty"`
}

// Override is a quantity or word that a scenario sets, with the catalog's value. For an entry
// that the scenario adds, all values are listed; the default is that of the entry that it is
// like, where the scenario sets another.
type Override struct {
	Key     string `json:"key"`
	Value   string `json:"value"`
	Default string `json:"default"`
	Place   string `json:"place"`
	Word    bool   `json:"word,omitempty"` // it is no quantity
}

// OverridesText lists the overrides in one line, "key = value" with semicolons between them. Words
// that hold a semicolon, a quote or an end of line are quoted as in Go.
func (p *Provenance) OverridesText() string {
	var parts []string
	for _, o := range p.Overrides {
		value := o.Value
		if strings.ContainsAny(value, ";\"\\\r\n") {
			value = strconv.Quote(value)
		}
		parts = append(parts, o.Key+" = "+value)
	}
	return strings.Join(parts, "; ")
}

// CasePaths is the number of paths behind a case.
type CasePaths struct {
	Session     string `json:"session"`
	Device      string `json:"device"`
	Environment string `json:"environment"`
	Paths       int64  `json:"paths"`
}

// Failures are the causes that count as failing.
func (p *Provenance) Failures() []model.Cause {
	return Failures(p.OnResign == model.ResignEnd, p.CountRefused)
}

// DescribeScenario fills in the fields about a scenario.
func (p *Provenance) DescribeScenario(s *model.Scenario) {
	p.CodeDigest = CodeDigest()
	p.Scenario, p.ScenarioDigest, p.CatalogDigest = s.Name, s.Digest(), model.CatalogDigest()
	p.Step = float64(s.Grid.Step)
	p.Overrides, p.Assumed, p.Added = []Override{}, []string{}, s.Added()
	for _, q := range s.Overrides() {
		unit := q.Unit
		if unit == "1" {
			unit = ""
		}
		p.Overrides = append(p.Overrides, Override{q.Key, strings.TrimSpace(q.Text() + " " + unit),
			defaultText(q, unit), q.Place, q.IsWord()})
	}
	for _, q := range s.Parameters() {
		if q.Evidence == model.Assumed || q.Evidence == model.Reported {
			p.Assumed = append(p.Assumed, q.Key)
		}
	}
}

// defaultText returns the catalog's value with its unit, "" if there is none.
func defaultText(q *model.Parameter, unit string) string {
	if text := q.DefaultText(); text != "" {
		return strings.TrimSpace(text + " " + unit)
	}
	return ""
}

// DescribeRequest fills in the fields about a request.
func (p *Provenance) DescribeRequest(s *model.Scenario, q Request) {
	p.Seed, p.Estimator, p.Confidence = q.Seed, string(q.Estimator), q.Confidence
	p.Sampling = string(q.Estimator.Sampling(q.Sampling))
	p.Tolerances, p.StartLevel, p.Duration = q.Tolerances, q.StartLevel, q.Duration
	p.Gate, p.Offered, p.Margin = float64(q.Gate)/100, q.Offered, float64(s.Grid.Margin)
	p.Readings = []string{}
	for _, r := range q.Readings {
		p.Readings = append(p.Readings, string(r))
	}
	if q.Paths == 0 {
		p.MaxPaths, p.PrecisionSeconds, p.RelativePrecision = q.MaxPaths, q.Precision, q.RelativePrecision
	}
	p.Caps = q.Family(s)
}

// CountPaths fills in the number of paths of every case in a result.
func (p *Provenance) CountPaths(r *Result) {
	p.Paths = []CasePaths{}
	seen := map[Case]bool{}
	for _, c := range r.Caps {
		if !seen[c.Case] {
			seen[c.Case] = true
			p.Paths = append(p.Paths, CasePaths{c.Session, c.Device, c.Environment, c.Paths})
		}
	}
}
