package solver

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// TracePoint is the state of a traced path at one time, and the hazards of the
// step that starts there.
type TracePoint struct {
	Path                                         uint64
	Time                                         float64      // [s]
	Level                                        float64      // true level z
	Displayed                                    float64      // displayed level
	Voltage                                      float64      // [V]
	Current                                      float64      // [A]
	Power                                        float64      // load [W]
	Temperatures                                 model.Vector // of P B H F K [degC]
	Air                                          float64      // [degC]
	InSun                                        bool
	ThermalLevel                                 model.ThermalLevel
	Low, VeryLow                                 bool
	LowPower                                     bool
	State                                        int     // 0 quiet, 1 glance, 2 sync, 3 cue
	GrantUsed                                    float64 // under the cautious reading, before the step [s]
	Resign, Thermal, Battery, Other, Error, Stop float64 // hazards [1/s]
	Refusal                                      float64 // probability that the start is refused, at time 0
	// End is the threshold that ended the path at this time, or Completed. Where
	// one ended it before the poll and the load of this time, these are still the
	// last ones and voltage, current, power and hazards are NaN.
	End model.Cause
}

// Trace runs one path with the functions of package model, as the session model
// states them, and keeps every state. It is what the kernel computes, written to
// be read; the path ends with the first threshold or with the longest plan. The
// frailty, which the estimates integrate out, is drawn here. Paths are drawn
// independently: any number of them are a fair sample of sessions.
func (p *Program) Trace(seed, path uint64) []TracePoint {
	return p.traceOf(newSampler(seed, Counts, Independent), path)
}

func (p *Program) traceOf(s sampler, path uint64) []TracePoint {
	d := sessionDraws{sampler: s}
	var l lane
	p.enter(&l, &d, path, p.steps)
	points, quiet := p.trace(&d, &l)

	// Backwards from where the gauge's noise began to matter: a stationary Gaussian
	// process is the same process in both directions.
	noise := l.in.noise
	for k := quiet - 1; k >= 0; k-- {
		noise = p.gauge.decay*noise + p.gauge.innovate*random.Normal32(driverWords(d.key, purposeNoise, path, k)[k%turn])
		if k < len(points) {
			points[k].Displayed = p.scenario.Gauge.DisplayedLevel(points[k].Level, l.in.bias+noise)
		}
	}
	return points
}

// trace is Trace with 0 for the gauge's noise in the first steps, where it does
// not matter. It returns how many these are.
func (p *Program) trace(d *sessionDraws, l *lane) (points []TracePoint, quiet int) {
	s, path, in := p.scenario, l.path, &l.in
	frailty := random.Gamma(d.uniform(drawFrailty), p.frailty)
	r0, r1, r2 := in.resistances(&s.Battery)
	capacity := in.device.capacity * in.health
	workload := s.Workload.ByID[p.session.Workload]
	m, w := in.net.model.Propagator(p.step)

	t, v1, v2 := p.equilibrium(in, r1, r2)
	z, ou, noise, sun := in.level, in.ou, 0.0, in.sun
	state, level := 0, model.Nominal
	lowPower, asked := in.lpmStart, in.lpmStart
	used := 0.0
	var cpu []float64                         // CPU seconds of the steps so far
	var air, loads, noises, suns [turn]uint32 // words of the turn

	for k := 0; ; k++ {
		if k%turn == 0 {
			air, loads = driverWords(d.key, purposeAir, path, k), driverWords(d.key, purposeLoad, path, k)
			noises, suns = driverWords(d.key, purposeNoise, path, k), driverWords(d.key, purposeSun, path, k)
			if quiet == k {
				if z < l.noiseBelow {
					noise = in.noise
				} else {
					quiet += turn
				}
			}
		}

		// Poll.
		displayed := s.Gauge.DisplayedLevel(z, in.bias+noise)
		condition := model.Condition{
			Low:     displayed <= float64(s.Policy.LowBattery),
			VeryLow: displayed <= float64(s.Policy.VeryLowBattery),
		}
		if condition.Low && !asked {
			asked = true
			lowPower = in.lpmAccept
		}
		level = level.Next(&s.Policy, t[model.NodeK], in.threshold)
		condition.Thermal, condition.LowPower = level, lowPower

		// Load and cell.
		power := in.power * float64(workload.Power[state])
		if lowPower {
			power *= float64(s.Policy.LPMPower)
		}
		rt0, rt1, rt2 := s.Battery.Resistances(r0, r1, r2, z, t[model.NodeB])
		u := s.Battery.OpenCircuitVoltage(z)
		e := u - v1 - v2
		current, delivered := model.ConstantPowerCurrent(e, rt0, power)
		voltage := e - current*rt0

		point := TracePoint{
			Path: path, Time: float64(k) * p.step, Level: z, Displayed: displayed, Voltage: voltage, Current: current,
			Power: power, Temperatures: t, Air: in.ambient + ou, InSun: sun, ThermalLevel: level,
			Low: condition.Low, VeryLow: condition.VeryLow, LowPower: lowPower, State: state, GrantUsed: used,
			Resign:  float64(p.session.Resign) * frailty,
			Thermal: s.Policy.ThermalHazard(condition), Battery: s.Policy.BatteryHazard(condition),
			Other: float64(s.Policy.SuppressBase), Error: float64(s.Policy.ErrorBase), Stop: float64(p.session.Stop),
			End: model.Completed,
		}
		tooHot := k == 0 && t[model.NodeB] >= float64(s.Thermal.TOff)
		if k == 0 {
			point.Refusal = s.Policy.Refusal(in.lpmStart, level, tooHot)
		}
		switch {
		case tooHot:
			point.End = model.Refused
		case !delivered || voltage < float64(s.Battery.VCut):
			point.End = model.PowerOff
		}
		points = append(points, point)
		if point.End != model.Completed || k == p.steps {
			return points, quiet
		}

		// Integrate.
		z -= current * p.step / capacity
		a1, a2 := math.Exp(-p.step/float64(s.Battery.Tau1)), math.Exp(-p.step/float64(s.Battery.Tau2))
		v1 = a1*v1 + (1-a1)*current*rt1
		v2 = a2*v2 + (1-a2)*current*rt2
		heat := s.Battery.CellHeat(current, u, voltage, t[model.NodeB])
		sunHeat := 0.0
		if sun {
			sunHeat = in.irradiance * in.net.model.SunAreaScale
		}
		kept := m.Times(t)
		added := w.Times(in.net.model.Input(power, float64(s.Workload.States.Front[state]), heat, sunHeat, in.ambient+ou, in.wrist))
		for i := range t {
			t[i] = kept[i] + added[i]
		}
		used += p.step * s.Policy.GrantRate(condition)
		cpu = append(cpu, in.cpu*float64(workload.CPU[state])*p.step)

		// Tests booked at t_{k+1}.
		end := model.Completed
		switch {
		case z <= 0 || t[model.NodeB] >= float64(s.Thermal.TOff):
			end = model.PowerOff
		case sum(cpu[max(0, len(cpu)-p.cpuSteps):]) > float64(s.Policy.CPULimit)*float64(s.Policy.CPUWindow)+1e-9:
			end = model.Errored
		case p.session.Limit > 0 && used >= float64(p.session.Limit)-1e-9:
			end = model.Expired
		}

		// Drivers.
		at := k % turn
		ou = in.env.ouDecay*ou + in.env.ouInnovate*random.Normal32(air[at])
		if k >= quiet {
			noise = p.gauge.decay*noise + p.gauge.innovate*random.Normal32(noises[at])
		}
		if in.env.sunShare > 0 {
			enter := in.env.sunFromShade
			if sun {
				enter = in.env.sunFromSun
			}
			sun = uint64(suns[at]) < enter
		}
		state = p.load.step(state, loads[at])

		if end != model.Completed {
			none := math.NaN()
			return append(points, TracePoint{
				Path: path, Time: float64(k+1) * p.step, Level: z, Displayed: s.Gauge.DisplayedLevel(z, in.bias+noise),
				Voltage: none, Current: none, Power: none, Temperatures: t, Air: in.ambient + ou, InSun: sun,
				ThermalLevel: level, Low: condition.Low, VeryLow: condition.VeryLow, LowPower: lowPower, State: state, GrantUsed: used,
				Resign: none, Thermal: none, Battery: none, Other: none, Error: none, Stop: none, End: end,
			}), quiet
		}
	}
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
