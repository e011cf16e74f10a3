package model

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"budget/model/document"
)

// validate checks what concerns several keys: sums, orders and references. A problem is reported
// at a key that the document sets. Keys that it does not set were checked with the catalog.
func (d *decoder) validate() {
	s := d.scenario
	d.refused = map[string]bool{}
	for _, p := range d.problems {
		d.refused[p.Key] = true
	}

	d.sumToOne("device", "weight", IDs(s.Devices), func(i int) Number { return s.Devices[i].Weight })
	d.sumToOne("environment", "share", IDs(s.Environments),
		func(i int) Number { return s.Environments[i].Share })
	d.sumToOne("thermal.fit", "share", IDs(s.Thermal.Fits),
		func(i int) Number { return s.Thermal.Fits[i].Share })

	d.multiple("grid.margin", s.Grid.Margin)
	d.multiple("policy.cpu_window", s.Policy.CPUWindow)

	b := &s.Battery
	if len(b.OCVLevels) != len(b.OCV) || len(b.OCV) < 2 {
		d.blame([]string{"battery.ocv_v", "battery.ocv_soc"},
			"the open-circuit voltage has %d levels and %d voltages: expected as many of each, at least 2",
			len(b.OCVLevels), len(b.OCV))
	} else if !ascending(b.OCVLevels) {
		d.blame([]string{"battery.ocv_soc"}, "expected ascending levels")
	} else if !slices.IsSorted(b.OCV) {
		d.blame([]string{"battery.ocv_v"}, "expected voltages that do not fall with the level")
	}
	if s.Population.AgeYears[0] > s.Population.AgeYears[1] {
		d.blame([]string{"population.age_years"}, "expected the least age first")
	}
	if l := s.Policy.Levels; l[0] > l[1] || l[1] > l[2] {
		d.blame([]string{"policy.levels"}, "expected ascending temperatures of fair, serious, critical")
	}
	if s.Policy.VeryLowBattery > s.Policy.LowBattery {
		d.blame([]string{"policy.very_low_battery", "policy.low_battery"},
			"very_low_battery (%v) is above low_battery (%v): expected at most that",
			s.Policy.VeryLowBattery, s.Policy.LowBattery)
	}

	if s.Policy.WarningMin > s.Policy.WarningMax {
		d.blame([]string{"policy.warning_min", "policy.warning_max"},
			"warning_min (%v) is above warning_max (%v): expected at most that",
			s.Policy.WarningMin, s.Policy.WarningMax)
	}
	d.refer("timer.resign", s.Timer.Resign, Resigns)
	d.timer()

	builds := slices.Sorted(maps.Keys(s.Thermal.Builds))
	for _, device := range s.Devices {
		d.refer(document.Join("device."+device.ID, "build"), device.Build, builds)
	}
	for _, e := range s.Environments {
		key := "environment." + e.ID
		d.refer(document.Join(key, "airflow"), e.Airflow, []string{"still", "walking", "running"})
		d.arrival(e)
		if e.SunShare > 0 && e.SunSpell == 0 {
			d.blame([]string{document.Join(key, "sun_share")},
				`needs sun_spell, the mean spell in the sun, such as "10 min"`)
		}
		if e.SunShare > 0 && d.scenario.Parameter(document.Join(key, "irradiance_max")) == nil {
			d.blame([]string{document.Join(key, "sun_share")},
				`needs irradiance_max, the strongest sun, such as "600 W/m2"`)
		}
	}
	workloads := s.WorkloadIDs()
	for _, id := range workloads {
		w := s.Workload.ByID[id]
		for key, rates := range map[string][4]Rate{"enter": w.Enter, "leave": w.Leave} {
			if rates[0] != 0 {
				d.blame([]string{document.Join("workload."+id, key)},
					"the first rate, of state quiet, has no meaning: expected 0")
			}
		}
		d.cues("workload."+id, w)
	}
	for _, session := range s.Sessions {
		key := "session." + session.ID
		d.refer(document.Join(key, "workload"), session.Workload, workloads)
		if problem := s.Grid.misfit(session.Horizon); problem != "" && !d.anyHorizon {
			d.blameDuration([]string{document.Join(key, "horizon"), "grid.step"}, session.Horizon, problem)
		}
	}
}

// timer checks the phases of a timer and their names.
func (d *decoder) timer() {
	s, before := d.scenario, len(d.problems)
	for _, name := range slices.Sorted(maps.Keys(s.Timer.Named)) {
		p, key := s.Timer.Named[name], document.Join("timer.phase", name)
		if slices.Contains(phaseWords, name) || name[0] >= '0' && name[0] <= '9' ||
			s.Workload.ByID[name] != nil {
			d.blame([]string{key}, "%s has a meaning in timers already: expected another name",
				document.Quote(name))
		}
		if p.Length == 0 {
			d.blame([]string{key}, `needs a length, such as length = "25 min"`)
		} else {
			d.multiple(document.Join(key, "length"), p.Length)
		}
		if p.Workload != "" {
			d.refer(document.Join(key, "workload"), p.Workload, s.WorkloadIDs())
		}
		if p.Environment != "" {
			d.refer(document.Join(key, "environment"), p.Environment, IDs(s.Environments))
		}
	}
	if s.Timer.Phases == "" || len(d.problems) > before {
		return
	}
	if _, err := s.ParseSequence(s.Timer.Phases); err != nil {
		keys := []string{"timer.phases"}
		for _, name := range slices.Sorted(maps.Keys(s.Timer.Named)) {
			keys = append(keys, document.Join("timer.phase."+name, "length"))
		}
		d.blame(append(keys, "grid.step", "grid.margin"), "%v", err)
	}
}

// arrival checks the environment that the watch came from.
func (d *decoder) arrival(e *Environment) {
	key := "environment." + e.ID
	from, since := document.Join(key, "from"), document.Join(key, "since_max")
	if e.From == "" {
		if _, set := d.places[since]; set && !d.catalog {
			d.blame([]string{since}, `needs from, the environment the watch came from, such as "indoor"`)
		}
		return
	}
	d.refer(from, e.From, IDs(d.scenario.Environments))
	if d.scenario.Parameter(since) == nil {
		d.blame([]string{from}, `needs since_max, the longest time since then, such as "60 min"`)
	}
}

// cues checks that regular cues are on the grid and at least a step apart.
func (d *decoder) cues(key string, w *Workload) {
	if w.CueEvery == 0 && w.CueFor == 0 {
		return
	}
	every, length := document.Join(key, "cue_every"), document.Join(key, "cue_for")
	if w.CueEvery == 0 {
		d.blame([]string{length}, `needs cue_every, the time from cue to cue, such as "1 min"`)
		return
	}
	step := d.scenario.Grid.Step
	if !d.multiple(every, w.CueEvery) {
		return
	}
	_, steps := w.RegularCues(step)
	if long := Duration(steps) * step; long >= w.CueEvery {
		d.blame([]string{length, every, "grid.step"}, "a cue of %s lasts %v and leaves no step "+
			"until the next, %v after its start: expected a longer cue_every or a shorter cue_for",
			key, long, w.CueEvery)
	}
}

// blame reports a problem at the first of the keys that the document sets. It reports nothing if
// that key's value was refused already, because the problem then follows from it. For the
// catalog it reports problems at any key.
func (d *decoder) blame(keys []string, format string, args ...any) {
	key := d.culprit(keys)
	if d.refused[key] {
		return
	}
	at, ok := d.places[key]
	if !ok { // the key comes from the entry that was copied
		at = d.places[key[:max(strings.LastIndexByte(key, '.'), 0)]]
	}
	d.complain(at, key, format, args...)
}

// blameDuration reports a problem with the value of the first key. If the problem's place is
// another key, the message names the first.
func (d *decoder) blameDuration(keys []string, value Duration, problem string) {
	subject := value.String()
	if d.culprit(keys) != keys[0] {
		subject = fmt.Sprintf("%s (%v)", keys[0], value)
	}
	d.blame(keys, "%s %s", subject, problem)
}

// culprit returns the first of the keys that the document sets, or the first of all if it sets
// none.
func (d *decoder) culprit(keys []string) string {
	for _, key := range keys {
		if _, ok := d.places[key]; ok {
			return key
		}
	}
	return keys[0]
}

// sumToOne checks the shares of a list. The tolerance allows for shares with three decimals, but
// not for a forgotten share.
func (d *decoder) sumToOne(list, key string, ids []string, share func(int) Number) {
	sum := 0.0
	for i := range ids {
		sum += float64(share(i))
	}
	if !(math.Abs(sum-1) > 1e-3) {
		return
	}
	var keys, parts []string
	for i, id := range ids {
		keys = append(keys, list+"."+id+"."+key)
		if share(i) != 0 {
			parts = append(parts, fmt.Sprintf("%s %v", id, float64(share(i))))
		}
	}
	d.blame(keys, "the %ss sum to %v: expected 1 (%s)", key, roundDigits(sum),
		strings.Join(parts, ", "))
}

// multiple checks that a time is a whole number of steps. It allows for the rounding of a step
// such as 0.1 s.
func (d *decoder) multiple(key string, value Duration) bool {
	step := d.scenario.Grid.Step
	if n := float64(value / step); math.Abs(n-math.Round(n)) > 1e-9 {
		d.blameDuration([]string{key, "grid.step"}, value, fmt.Sprintf("is no multiple of grid.step "+
			"(%v): expected a step that divides it", step))
		return false
	}
	return true
}

func (d *decoder) refer(key, name string, known []string) {
	if !slices.Contains(known, name) {
		d.blame([]string{key}, "unknown name %s%s", document.Quote(name), d.suggest(name, known, "names"))
	}
}

func ascending(levels []Number) bool {
	for i := 1; i < len(levels); i++ {
		if levels[i] <= levels[i-1] {
			return false
		}
	}
	return true
}
