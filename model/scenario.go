package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Scenario is the complete input of a simulation: the catalog's defaults with a scenario file's
// overrides. Keys are those of the TOML files. Limits are the values that a key accepts; they
// are wider than the range over which the catalog varies it. Roles are those of type Role. The
// symbols are those of docs/model.md.
type Scenario struct {
	Name         string         `key:"name" role:"name"`
	Grid         Grid           `key:"grid"`
	Devices      []*Device      `key:"device"`
	Battery      Battery        `key:"battery"`
	Gauge        Gauge          `key:"gauge"`
	Thermal      Thermal        `key:"thermal"`
	Population   Population     `key:"population"`
	Environments []*Environment `key:"environment"`
	Policy       Policy         `key:"policy"`
	Workload     Workloads      `key:"workload"`
	Sessions     []*Session     `key:"session"`
	Timer        Timer          `key:"timer"`
	Window       Window         `key:"window"`

	parameters []*Parameter // every quantity and word that is set, in catalog order
	added      []string     // paths of added entries, in the order of the files
}

// Grid is the time grid of the discrete chain.
type Grid struct {
	Step   Duration `key:"step" limits:"[0.1 s, 60 s]"`   // D, from poll to poll
	Margin Duration `key:"margin" limits:"[0 s, 10 min]"` // runtime needed beyond the length
}

// Device is a watch model of the fleet.
type Device struct {
	ID       string `key:"id" role:"name"`
	Name     string `key:"name" role:"fact"`
	Capacity Charge `key:"capacity" limits:"(0 Ah, 10 Ah]"` // Q0, nominal
	// PowerScale is a factor on all workloads; nil means 1.
	PowerScale *Number `key:"power_scale" limits:"(0, 100]"`
	Build      string  `key:"build"` // names a thermal build
	// Class is the hardware class by which apps look up caps; "" means the build's name.
	Class  string `key:"class"`
	Weight Number `key:"weight" limits:"[0, 1]"` // share of the fleet
}

// Battery holds the cell of the session model, section 3. Resistances are inversely proportional
// to the nominal capacity.
type Battery struct {
	R0Q       ResistanceCharge   `key:"r0q" limits:"[0 ohm Ah, 10 ohm Ah]"` // ohmic, fresh at 25 degC
	R1Q       ResistanceCharge   `key:"r1q" limits:"[0 ohm Ah, 10 ohm Ah]"` // first RC pair
	R2Q       ResistanceCharge   `key:"r2q" limits:"[0 ohm Ah, 10 ohm Ah]"` // second RC pair
	Tau1      Duration           `key:"tau1" limits:"(0 s, 10 day]"`
	Tau2      Duration           `key:"tau2" limits:"(0 s, 10 day]"`
	Rho       Number             `key:"rho" limits:"[0, 1]"`               // share independent of T
	Ea        MolarEnergy        `key:"ea" limits:"[0 J/mol, 200 kJ/mol]"` // activation energy
	SoCGain   Number             `key:"soc_gain" limits:"[0, 100]"`
	SoCScale  Number             `key:"soc_scale" limits:"(0, 1]"`
	SoCTExp   Number             `key:"soc_texp" limits:"[0, 4]"`
	Entropy   EntropyCoefficient `key:"entropy" limits:"[-10 mV/K, 10 mV/K]"`
	VCut      Voltage            `key:"v_cut" limits:"[0 V, 5 V]"` // at which the watch turns off
	OCVLevels []Number           `key:"ocv_soc" limits:"[0, 1]"`   // knots z of U(z), ascending
	OCV       []Voltage          `key:"ocv_v" limits:"(0 V, 5 V]"` // U at the knots
}

// Gauge holds the error of the displayed level.
type Gauge struct {
	BiasSD   Number   `key:"bias_sd" limits:"[0, 0.5]"`
	NoiseSD  Number   `key:"noise_sd" limits:"[0, 0.5]"`
	NoiseTau Duration `key:"noise_tau" limits:"(0 s, 100 day]"`
	Converge Number   `key:"converge" limits:"(0, 1]"` // level below which the error shrinks
}

// Thermal is the network of the five nodes P B H F K: resistances between them, air conductances
// by airflow and heat capacities by build.
type Thermal struct {
	RPH           ThermalResistance `key:"r_ph" limits:"[0.001 K/W, 10000 K/W]"`
	RPB           ThermalResistance `key:"r_pb" limits:"[0.001 K/W, 10000 K/W]"`
	RPF           ThermalResistance `key:"r_pf" limits:"[0.001 K/W, 10000 K/W]"`
	RBK           ThermalResistance `key:"r_bk" limits:"[0.001 K/W, 10000 K/W]"`
	RBH           ThermalResistance `key:"r_bh" limits:"[0.001 K/W, 10000 K/W]"`
	RHF           ThermalResistance `key:"r_hf" limits:"[0.001 K/W, 10000 K/W]"`
	RHK           ThermalResistance `key:"r_hk" limits:"[0.001 K/W, 10000 K/W]"`
	Still         Airflow           `key:"still"`
	Walking       Airflow           `key:"walking"`
	Running       Airflow           `key:"running"`
	SunAbsorbArea Area              `key:"sun_absorb_area" limits:"[0 cm2, 100 cm2]"` // effective
	Fits          []*Fit            `key:"fit"`
	TOff          Temperature       `key:"t_off" limits:"[0 degC, 150 degC]"` // of the battery
	Builds        map[string]*Build `key:"build"`
}

// Airflow holds the air conductances of front and housing.
type Airflow struct {
	Front   ThermalConductance `key:"front" limits:"[0 W/K, 10 W/K]"`
	Housing ThermalConductance `key:"housing" limits:"[0 W/K, 10 W/K]"`
}

// Fit is how tightly the watch is worn.
type Fit struct {
	ID    string            `key:"id" role:"name"`
	RKW   ThermalResistance `key:"r_kw" limits:"[0.001 K/W, 10000 K/W]"` // back crystal to deep wrist
	Share Number            `key:"share" limits:"[0, 1]"`
}

// Build holds the heat capacities and the size of a watch.
type Build struct {
	C         [5]HeatCapacity `key:"c" limits:"(0 J/K, 1000 J/K]"` // of P B H F K
	AreaScale Number          `key:"area_scale" limits:"(0, 10]"`
}

// Population holds the distributions of values that are drawn once per session.
type Population struct {
	AgeYears        [2]Duration `key:"age_years" limits:"[0 year, 20 year]"` // uniform
	CyclesPerDay    Rate        `key:"cycles_per_day" limits:"[0 /day, 10 /day]"`
	FadePer1000     Number      `key:"fade_per_1000" limits:"[0, 1]"`
	FadeSigma       Number      `key:"fade_sigma" limits:"[0, 3]"`
	HealthMin       Number      `key:"health_min" limits:"(0, 1]"`
	GrowthMedian    Number      `key:"growth_median" limits:"[0, 100]"`
	GrowthSigma     Number      `key:"growth_sigma" limits:"[0, 3]"`
	CellSigma       Number      `key:"cell_sigma" limits:"[0, 3]"`
	StartLevelMin   Number      `key:"start_level_min" limits:"[0, 1)"`
	StartLevelAlpha Number      `key:"start_level_alpha" limits:"[0.25, 100]"`
	StartLevelBeta  Number      `key:"start_level_beta" limits:"[0.25, 100]"`
	// common factor on all workloads
	PowerScale   Number                `key:"power_scale" limits:"(0, 100]"`
	PowerSigma   Number                `key:"power_sigma" limits:"[0, 3]"`
	CPUSigma     Number                `key:"cpu_sigma" limits:"[0, 3]"`
	WristMean    Temperature           `key:"wrist_mean" limits:"[0 degC, 50 degC]"`
	WristSD      TemperatureDifference `key:"wrist_sd" limits:"[0 K, 20 K]"`
	WristCold    Number                `key:"wrist_cold" limits:"[0, 1]"` // [K/K] below 20 degC
	ThresholdSD  TemperatureDifference `key:"threshold_sd" limits:"[0 K, 20 K]"`
	FrailtyShape Number                `key:"frailty_shape" limits:"[0.01, 1000000]" role:"rule"`
	LPMOnStart   Number                `key:"lpm_on_start" limits:"[0, 1]"`
	LPMAccept    Number                `key:"lpm_accept" limits:"[0, 1]"`
	PrePower     Power                 `key:"pre_power" limits:"[0 W, 5 W]"`
}

// Environment is where a session happens.
type Environment struct {
	ID    string `key:"id" role:"name"`
	Share Number `key:"share" limits:"[0, 1]"`
	// still, walking or running
	Airflow string `key:"airflow"`
	// the environment the watch came from, "" for none
	From string `key:"from"`
	// longest time since it came; the time is uniform from 0
	SinceMax      Duration              `key:"since_max" limits:"[0 s, 10 day]"`
	AmbientMean   Temperature           `key:"ambient_mean" limits:"[-60 degC, 110 degC]"`
	AmbientSD     TemperatureDifference `key:"ambient_sd" limits:"[0 K, 40 K]"`
	OUSD          TemperatureDifference `key:"ou_sd" limits:"[0 K, 40 K]"`
	OUTau         Duration              `key:"ou_tau" limits:"(0 s, 100 day]"`
	SunShare      Number                `key:"sun_share" limits:"[0, 1)"` // of time, in direct sun
	SunSpell      Duration              `key:"sun_spell" limits:"(0 s, 10 day]"`
	IrradianceMax Irradiance            `key:"irradiance_max" limits:"[0 W/m2, 2000 W/m2]"`
}

// Policy is how the system ends sessions. Levels are those of fair, serious and critical.
type Policy struct {
	Levels         [3]Temperature        `key:"levels" limits:"[-100 degC, 1000 degC]"` // at node K
	Hysteresis     TemperatureDifference `key:"hysteresis" limits:"[0 K, 20 K]"`
	LowBattery     Number                `key:"low_battery" limits:"[0, 1]"`
	VeryLowBattery Number                `key:"very_low_battery" limits:"[0, 1]"`
	LPMPower       Number                `key:"lpm_power" limits:"[0, 2]"` // factor on the load
	CPUWindow      Duration              `key:"cpu_window" limits:"[1 s, 1 h]"`
	CPULimit       Number                `key:"cpu_limit" limits:"[0, 100]"`

	// Rates of the rows of Hazards.
	SuppressBase     Rate `key:"suppress_base" limits:"[0 /h, 3600 /h]" role:"rule"`
	SuppressSerious  Rate `key:"suppress_serious" limits:"[0 /h, 3600 /h]" role:"rule"`
	SuppressCritical Rate `key:"suppress_critical" limits:"[0 /h, 3600 /h]" role:"rule"`
	SuppressLow      Rate `key:"suppress_low" limits:"[0 /h, 3600 /h]" role:"rule"`
	SuppressVeryLow  Rate `key:"suppress_very_low" limits:"[0 /h, 3600 /h]" role:"rule"`
	SuppressLPM      Rate `key:"suppress_lpm" limits:"[0 /h, 3600 /h]" role:"rule"`
	ErrorBase        Rate `key:"error_base" limits:"[0 /h, 3600 /h]" role:"rule"`

	RefuseLPM      Number `key:"refuse_lpm" limits:"[0, 1]" role:"rule"`
	RefuseCritical Number `key:"refuse_critical" limits:"[0, 1]" role:"rule"`
	// the prompt takes the front
	PromptResign     Number `key:"prompt_resign" limits:"[0, 1]" role:"rule"`
	PressureSerious  Number `key:"pressure_serious" limits:"[0, 100]" role:"rule"`
	PressureCritical Number `key:"pressure_critical" limits:"[0, 100]" role:"rule"`
	PressureLow      Number `key:"pressure_low" limits:"[0, 100]" role:"rule"`

	// From willExpire to the end of a session, uniform between.
	WarningMin Duration `key:"warning_min" limits:"[0 s, 1 h]" role:"rule"`
	WarningMax Duration `key:"warning_max" limits:"[0 s, 1 h]" role:"rule"`
}

// Workloads holds the load states and the workloads built on them.
type Workloads struct {
	States WorkloadStates       `key:"states"`
	ByID   map[string]*Workload `key:"*"`
}

// WorkloadStates describes the states quiet, glance, sync, cue.
type WorkloadStates struct {
	Front [4]Number `key:"front" limits:"[0, 1]"` // share of the load dissipated in the display node
}

// Workload is a continuous-time Markov chain on the states quiet, glance, sync and cue. It
// leaves quiet for any other state and returns from each to quiet.
type Workload struct {
	Power [4]Power  `key:"power" limits:"[0 W, 10 W]"`
	CPU   [4]Number `key:"cpu" limits:"[0, 8]"`             // share of one core
	Enter [4]Rate   `key:"enter" limits:"[0 /h, 36000 /h]"` // from quiet
	Leave [4]Rate   `key:"leave" limits:"[0 /h, 36000 /h]"` // back to quiet
	// LPMPower is the factor on the load under Low Power Mode; nil means the policy's.
	LPMPower *Number  `key:"lpm_power" limits:"[0, 2]"`
	CueEvery Duration `key:"cue_every" limits:"[0 s, 2 day]"` // period of regular cues, 0 for none
	CueFor   Duration `key:"cue_for" limits:"[0 s, 2 day]"`   // length of each, a step at least
}

// Session is a type of watchOS session.
type Session struct {
	ID              string  `key:"id" role:"name"`
	Name            string  `key:"name" role:"fact"`
	BackgroundMode  string  `key:"background_mode" role:"fact"`
	Workload        string  `key:"workload"`
	StartLevelAlpha *Number `key:"start_level_alpha" limits:"[0.25, 100]"` // or the population's
	StartLevelBeta  *Number `key:"start_level_beta" limits:"[0.25, 100]"`
	// factor on the workload, instead of the population's
	PowerScale *Number  `key:"power_scale" limits:"(0, 100]"`
	Horizon    Duration `key:"horizon" limits:"(0 s, 2 day]"` // longest duration looked at

	Limit Duration `key:"limit" limits:"[0 s, 2 day]" role:"rule"` // 0: none documented
	// the Low Power prompt can end it
	Frontmost bool `key:"frontmost" role:"rule"`
	// share of starts that fail whatever the state of the watch, 0 unless given
	Refuse      Number  `key:"refuse" limits:"[0, 1]" role:"rule"`
	RefuseLPM   *Number `key:"refuse_lpm" limits:"[0, 1]" role:"rule"` // instead of the policy's
	SuppressLPM *Rate   `key:"suppress_lpm" limits:"[0 /h, 3600 /h]" role:"rule"`
	Resign      Rate    `key:"resign" limits:"[0 /h, 3600 /h]" role:"rule"`
	Stop        Rate    `key:"stop" limits:"[0 /h, 3600 /h]" role:"rule"` // by the user
}

// Timer holds what is common to timers of several cycles (session model, section 9).
type Timer struct {
	Return Number `key:"return" limits:"[0, 1]" role:"rule"` // the user starts the next cycle
	// a start fails because the old session still runs
	Orphan Number   `key:"orphan" limits:"[0, 1]" role:"rule"`
	Resign string   `key:"resign"`                     // one of Resigns
	Keep   bool     `key:"keep"`                       // one session runs through the rests
	Away   Duration `key:"away" limits:"(0 s, 1 day]"` // mean of an absence
	// Phases is the text of the timer that sessions are (ParseSequence), "" for single sessions.
	Phases string `key:"phases"`
	// Named are phases by the names that Phases may use.
	Named map[string]*NamedPhase `key:"phase"`
}

// NamedPhase is a phase that a scenario names.
type NamedPhase struct {
	Length      Duration `key:"length" limits:"(0 s, 1 day]"`
	Rest        bool     `key:"rest"`
	Keep        bool     `key:"keep"`        // a rest in the session
	Workload    string   `key:"workload"`    // "" as for Phase
	Environment string   `key:"environment"` // "" as for Phase
}

// What can become of a session or timer when the user leaves the app.
const (
	ResignLeave = "leave" // it ends, which is no failure
	ResignEnd   = "end"   // it ends and has failed
	ResignPause = "pause" // it goes on when the user is back
)

// Resigns lists what can become of a timer when the user leaves the app.
var Resigns = []string{ResignLeave, ResignEnd, ResignPause}

// Window holds what the system allows an app without a session (session model, section 10): the
// time in front, and the wall time of each kind of wake-up.
type Window struct {
	Front          Duration `key:"front" limits:"[0 s, 1 day]" role:"rule"` // after the wrist drops
	Refresh        Duration `key:"refresh" limits:"[0 s, 1 h]" role:"rule"`
	RefreshPerHour Rate     `key:"refresh_per_hour" limits:"[0 /h, 3600 /h]" role:"rule"` // at most
	// a finished download
	Download Duration `key:"download" limits:"[0 s, 1 h]" role:"rule"`
	// a background notification
	Notification Duration `key:"notification" limits:"[0 s, 1 h]" role:"rule"`
}

// Session returns the session type with the given id, or nil.
func (s *Scenario) Session(id string) *Session { return find(s.Sessions, id) }

// Device returns the device with the given id, or nil.
func (s *Scenario) Device(id string) *Device { return find(s.Devices, id) }

// Environment returns the environment with the given id, or nil.
func (s *Scenario) Environment(id string) *Environment { return find(s.Environments, id) }

// identified is an element of an array of tables. Files refer to it by id.
type identified interface{ identity() *string }

func (d *Device) identity() *string      { return &d.ID }
func (f *Fit) identity() *string         { return &f.ID }
func (e *Environment) identity() *string { return &e.ID }
func (s *Session) identity() *string     { return &s.ID }

func find[T interface {
	comparable
	identified
}](list []T, id string) T {
	for _, item := range list {
		if *item.identity() == id {
			return item
		}
	}
	var none T
	return none
}

// IDs returns the ids of the session types, devices or environments, in order.
func IDs[T identified](list []T) []string {
	ids := make([]string, len(list))
	for i, item := range list {
		ids[i] = *item.identity()
	}
	return ids
}

// StartLevelShape returns the two shape parameters of the beta distribution of a session type's
// start level: the type's own, or the population's.
func (s *Scenario) StartLevelShape(session *Session) (alpha, beta float64) {
	alpha, beta = float64(s.Population.StartLevelAlpha), float64(s.Population.StartLevelBeta)
	if session.StartLevelAlpha != nil {
		alpha = float64(*session.StartLevelAlpha)
	}
	if session.StartLevelBeta != nil {
		beta = float64(*session.StartLevelBeta)
	}
	return alpha, beta
}

// Classes lists the hardware classes, in the order of the devices.
func (s *Scenario) Classes() []string {
	var names []string
	for _, d := range s.Devices {
		if name := d.HardwareClass(); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// HardwareClass returns a device's hardware class: its own, or that of its build.
func (d *Device) HardwareClass() string { return cmp.Or(d.Class, d.Build) }

// Airflow returns the air conductances of an environment.
func (s *Scenario) Airflow(e *Environment) Airflow {
	switch e.Airflow {
	case "walking":
		return s.Thermal.Walking
	case "running":
		return s.Thermal.Running
	}
	return s.Thermal.Still
}

// Documented returns a copy of the policy under the documented reading: pressure does not
// shorten the grant.
func (p Policy) Documented() Policy {
	p.PressureSerious, p.PressureCritical, p.PressureLow = 0, 0, 0
	return p
}

// lists are the paths of arrays of tables. Their items have ids.
var lists = []string{"device", "environment", "session", "thermal.fit"}

// Parameters returns every quantity with its provenance, in the catalog's order.
func (s *Scenario) Parameters() []*Parameter {
	return slices.DeleteFunc(slices.Clone(s.parameters), (*Parameter).IsWord)
}

// Words returns every word that is set except names, in the catalog's order.
func (s *Scenario) Words() []*Parameter {
	return slices.DeleteFunc(slices.Clone(s.parameters),
		func(p *Parameter) bool { return !p.IsWord() })
}

// WorkloadIDs returns the ids of the workloads, sorted.
func (s *Scenario) WorkloadIDs() []string { return slices.Sorted(maps.Keys(s.Workload.ByID)) }

// Overrides returns the quantities and words that a scenario file has set.
func (s *Scenario) Overrides() []*Parameter {
	var set []*Parameter
	for _, p := range s.parameters {
		if p.Overridden {
			set = append(set, p)
		}
	}
	return set
}

// Warnings lists overrides outside the range of their catalog entry. They are valid, but
// probably not intended.
func (s *Scenario) Warnings() []string {
	var warnings []string
	for _, p := range s.parameters {
		if p.outside() {
			value := strings.TrimSpace(p.Text() + " " + p.unitOf(p.Unit))
			varied := strings.TrimSpace(p.catalog.RangeText() + " " + p.unitOf(p.catalog.RangeUnit))
			warnings = append(warnings, fmt.Sprintf("%s: %s: %s is outside the range the catalog "+
				"varies it over (%s)", p.Place, p.Key, value, varied))
		}
	}
	return warnings
}

// Parameter returns the quantity with a key, or nil.
func (s *Scenario) Parameter(key string) *Parameter {
	if p := s.find(key); p != nil && !p.IsWord() {
		return p
	}
	return nil
}

// find returns the quantity or word with a key, or nil.
func (s *Scenario) find(key string) *Parameter {
	for _, p := range s.parameters {
		if p.Key == key {
			return p
		}
	}
	return nil
}
