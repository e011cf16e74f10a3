package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// NoEffect lists overrides that change no answer, or only answers of commands that name their
// entry, with the reason, one per line. Such overrides are valid, but probably not intended.
func (s *Scenario) NoEffect() []string {
	var lines []string
	seen := map[string]bool{} // entries whose reason is given already
	for _, p := range s.Overrides() {
		if p.As != "" || p.role == Name || p.role == Fact {
			continue
		}
		entry := p.Key[:max(strings.LastIndexByte(p.Key, '.'), 0)]
		why, once := s.whyNoEffect(p)
		if why == "" || once && seen[entry] {
			continue
		}
		seen[entry] = seen[entry] || once
		lines = append(lines, fmt.Sprintf("%s: %s: %s", p.Place, p.Key, why))
	}
	return lines
}

// whyNoEffect returns why an override has no effect, or "". all means that the reason applies to
// the whole entry.
func (s *Scenario) whyNoEffect(p *Parameter) (why string, all bool) {
	if p.repeats() {
		return "has no effect: it has this value already", false
	}
	path, id, name := entryOf(p.Key)
	switch path {
	case "device":
		if s.Device(id).Weight == 0 && name != "weight" {
			return "acts only where a command names the device: it has no share of the fleet", true
		}
	case "environment":
		return s.whyNoEffectOfPlace(s.Environment(id), name)
	case "timer":
		if name == "away" {
			return "has no effect: no command uses it", false
		}
	case "thermal.fit":
		if find(s.Thermal.Fits, id).Share == 0 && name != "share" {
			return "has no effect: no wearer has this fit", true
		}
	case "thermal.build":
		if !slices.ContainsFunc(s.Devices, func(d *Device) bool { return d.Build == id }) {
			return "has no effect: no device has this build", true
		}
	case "workload":
		if s.Workload.ByID[id] != nil && !s.uses(id) {
			return "has no effect: no session type has this workload", true
		}
	case "policy":
		if strings.HasPrefix(name, "pressure_") && !slices.ContainsFunc(s.Sessions,
			func(x *Session) bool { return x.Limit > 0 }) {
			return "has no effect: no session type has a limit that pressure could use up", false
		}
		return s.overruled(name)
	case "population":
		return s.overruled(name)
	case "thermal":
		if airflow, _, ok := strings.Cut(name, "."); ok && !slices.ContainsFunc(s.Environments,
			func(e *Environment) bool { return e.Airflow == airflow }) {
			return "has no effect: no environment has this airflow", true
		}
	}
	return "", false
}

// repeats reports whether an override sets the value and law that the quantity has without it.
func (p *Parameter) repeats() bool {
	base := cmp.Or(p.inherited, p.catalog)
	switch {
	case base == nil:
		return p.IsWord() && p.Word == ""
	case p.IsWord():
		return p.Word == base.Word
	}
	return slices.Equal(p.Values, base.Values) && p.LawText() == base.LawText()
}

// whyNoEffectOfPlace is whyNoEffect for a quantity or word of an environment.
func (s *Scenario) whyNoEffectOfPlace(e *Environment, name string) (why string, all bool) {
	switch {
	case e.Share == 0 && name != "share":
		return "acts only where a command names the environment: it has no share of the mix", true
	case e.SunShare == 0 && (name == "sun_spell" || name == "irradiance_max"):
		return "has no effect: sun_share is 0", false
	case e.From == "" && name == "since_max":
		return "has no effect: from names no environment", false
	}
	return "", false
}

// overruled returns why a quantity of policy or population has no effect, or "": every session
// type or workload has a value of its own.
func (s *Scenario) overruled(name string) (why string, all bool) {
	own := map[string]func(*Session) bool{
		"start_level_alpha": func(x *Session) bool { return x.StartLevelAlpha != nil },
		"start_level_beta":  func(x *Session) bool { return x.StartLevelBeta != nil },
		"refuse_lpm":        func(x *Session) bool { return x.RefuseLPM != nil },
		"suppress_lpm":      func(x *Session) bool { return x.SuppressLPM != nil },
		"power_scale":       func(x *Session) bool { return x.PowerScale != nil },
		"lpm_power":         func(x *Session) bool { return s.Workload.ByID[x.Workload].LPMPower != nil },
	}[name]
	if own == nil {
		return "", false
	}
	for _, x := range s.Sessions {
		if !own(x) {
			return "", false
		}
	}
	return "has no effect: every session type has its own", false
}

// uses reports whether a session type has a workload.
func (s *Scenario) uses(workload string) bool {
	return slices.ContainsFunc(s.Sessions, func(x *Session) bool { return x.Workload == workload })
}

// entryOf cuts a key into the list or map, the id and the rest. Outside lists and maps the id is
// "".
func entryOf(key string) (path, id, name string) {
	for path := range addable {
		if rest, ok := strings.CutPrefix(key, path+"."); ok {
			if id, name, ok := strings.Cut(rest, "."); ok {
				return path, id, name
			}
		}
	}
	path, name, _ = strings.Cut(key, ".")
	return path, "", name
}
