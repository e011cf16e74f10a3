package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// Point is the state of a traced path at one time.
type Point struct {
	Path uint64
	Time float64 // on the wall [s]
	// Position is the time on the timer's clock [s], which stands still in an absence.
	Position float64
	// InSession reports whether a session runs, Starts whether one starts at this time.
	InSession, Starts bool
	Level             float64      // true level z
	Displayed         float64      // displayed level
	Voltage           float64      // [V]
	Current           float64      // [A]
	Power             float64      // load [W]
	Temperatures      model.Vector // of P B H F K [degC]
	Air               float64      // [degC]
	InSun             bool
	model.Condition       // at the poll
	State             int // 0 quiet, 1 glance, 2 sync, 3 cue
	// End is the cause that ended the path at this time, or Completed. If the path ended
	// before the poll and the load of this time, these fields keep their last values,
	// and voltage, current and power are NaN.
	End model.Cause
}

// Trace is a path with its state at every step.
type Trace struct {
	Points   []Point
	LowPower bool // Low Power Mode was on at the start
}

// Stop ends a traced path in a session by returning another cause than Completed. It gets every
// step of sessions: the condition, and whether a session starts with the step.
type Stop func(c model.Condition, starts bool) model.Cause

// Trace runs one path with the functions of package model and returns its state at
// every step, absences included. It computes the same as the kernels but is written for
// reading. The path ends by the physics, at the longest session length, or by stop.
func (p *Plant) Trace(s Sampler, path uint64, stop Stop) Trace {
	d := sessionDraws{Sampler: s}
	d.move(path)
	var in session
	var away pausing
	p.draw(&d, &in)
	away.begin(p.pauses, p.Legs, &d)
	points, quiet := p.trace(s.key, path, &in, &away, stop)

	// Run the gauge's noise backwards from the step where it began to matter: a
	// stationary Gaussian process is the same in both directions.
	noise := in.noise
	for k := quiet - 1; k >= 0; k-- {
		word := driverWords(s.key, purposeNoise, path, k)[k%turn]
		noise = p.gauge.decay*noise + p.gauge.innovate*random.Normal32(word)
		if k < len(points) {
			points[k].Displayed = p.Scenario.Gauge.DisplayedLevel(points[k].Level, in.bias+noise)
		}
	}
	return Trace{points, in.lpmStart}
}

// trace is Trace with 0 for the gauge's noise in the first steps, where it does
// not matter. It also returns the number of these steps.
func (p *Plant) trace(key random.Key, path uint64, in *session, x *pausing,
	stop Stop) (points []Point, quiet int) {
	s, noiseBelow := p.Scenario, p.skipping(in, p.Steps).noiseBelow
	capacity := in.device.capacity * in.health
	leg, workload := 0, p.workload(0)
	cpuLimit := float64(s.Policy.CPULimit) * float64(s.Policy.CPUWindow) // [s]
	m, w := in.net.model.Propagator(p.Step)
	moved := *in // to other environments
	in = &moved

	t, v1, v2 := p.start(in)
	z, ou, noise, sun := in.level, in.ou, 0.0, in.sun
	state, asked := 0, in.lpmStart
	points = make([]Point, 0, p.Steps+1) // more with absences
	condition := model.Condition{Thermal: model.Nominal, LowPower: in.lpmStart}
	var cpu []float64                         // CPU seconds of the steps so far
	var air, loads, noises, suns [turn]uint32 // words of the turn

	absent, starts := false, true
	leave := func(position, clock int) { // the user
		x.number++
		gap, steps := x.draw(p.pauses, key, path)
		x.leaveAt = leaves(p.Legs[leg:], position, gap)
		x.at, x.away, x.back = position, x.away+steps, clock+steps
		absent, workload, state = true, s.Workload.ByID[model.Worn], 4*p.pauses.load
	}
	at := func(k int) Point {
		none, position := math.NaN(), k-x.away
		if absent {
			position = x.at
		}
		session := p.Legs[leg].InSession() && !absent
		return Point{Path: path, Time: float64(k) * p.Step, Position: float64(position) * p.Step,
			InSession: session, Starts: session && starts, Level: z,
			Displayed: s.Gauge.DisplayedLevel(z, in.bias+noise), Voltage: none, Current: none, Power: none,
			Temperatures: t, Air: in.ambient + ou, InSun: sun, Condition: condition, State: state % 4,
			End: model.Completed}
	}
	for k := 0; ; k++ {
		if k%turn == 0 {
			air, loads = driverWords(key, purposeAir, path, k), driverWords(key, purposeLoad, path, k)
			noises, suns = driverWords(key, purposeNoise, path, k), driverWords(key, purposeSun, path, k)
			if quiet == k {
				if z < noiseBelow {
					noise = in.noise
				} else {
					quiet += turn
				}
			}
		}

		// Poll.
		displayed := s.Gauge.DisplayedLevel(z, in.bias+noise)
		condition.Low = displayed <= float64(s.Policy.LowBattery)
		condition.VeryLow = displayed <= float64(s.Policy.VeryLowBattery)
		if condition.Low && !asked {
			asked = true
			condition.LowPower = in.lpmAccept
			if x.takes && !absent && p.Legs[leg].InSession() && k-x.away < p.Steps {
				leave(k-x.away, k) // the prompt takes the front
			}
		}
		condition.Thermal = condition.Thermal.Next(&s.Policy, t[model.NodeK], in.threshold)

		// Load and cell.
		power := in.power * float64(workload.Power[state%4])
		if condition.LowPower {
			power *= workload.LowPowerFactor(&s.Policy)
		}
		rt0, rt1, rt2 := s.Battery.Resistances(in.r0, in.r1, in.r2, z, t[model.NodeB])
		u := s.Battery.OpenCircuitVoltage(z)
		e := u - v1 - v2
		current, delivered := model.ConstantPowerCurrent(e, rt0, power)
		voltage := e - current*rt0

		point := at(k)
		point.Voltage, point.Current, point.Power = voltage, current, power
		switch {
		case k == 0 && t[model.NodeB] >= float64(s.Thermal.TOff):
			point.End = model.Refused
		case !delivered || voltage < float64(s.Battery.VCut):
			point.End = model.PowerOff
		}
		points = append(points, point)
		if point.End != model.Completed || !absent && k-x.away == p.Steps {
			return points, quiet
		}

		// Integrate.
		z -= current * p.Step / capacity
		a1, a2 := math.Exp(-p.Step/float64(s.Battery.Tau1)), math.Exp(-p.Step/float64(s.Battery.Tau2))
		v1 = a1*v1 + (1-a1)*current*rt1
		v2 = a2*v2 + (1-a2)*current*rt2
		heat := s.Battery.CellHeat(current, u, voltage, t[model.NodeB])
		sunHeat := 0.0
		if sun {
			sunHeat = in.irradiance * in.net.model.SunAreaScale
		}
		kept := m.Times(t)
		front := float64(s.Workload.States.Front[state%4])
		added := w.Times(in.net.model.Input(power, front, heat, sunHeat, in.ambient+ou, in.wrist))
		for i := range t {
			t[i] = kept[i] + added[i]
		}
		cpu = append(cpu, in.cpu*float64(workload.CPU[state%4])*p.Step)

		// Thresholds at t_{k+1}.
		end := model.Completed
		if point.InSession {
			end = stop(condition, point.Starts)
		}
		switch {
		case z <= 0 || t[model.NodeB] >= float64(s.Thermal.TOff):
			end = model.PowerOff
		case point.InSession && sum(cpu[max(0, len(cpu)-p.cpuSteps):]) > cpuLimit+1e-9:
			end = model.Errored
		}
		starts = false

		// Drivers.
		ou = in.env.ouDecay*ou + in.env.ouInnovate*random.Normal32(air[k%turn])
		if k >= quiet {
			noise = p.gauge.decay*noise + p.gauge.innovate*random.Normal32(noises[k%turn])
		}
		if in.env.sunShare > 0 {
			enter := in.env.sunFromShade
			if sun {
				enter = in.env.sunFromSun
			}
			sun = uint64(suns[k%turn]) < enter
		}
		state = p.chains.step(state, loads[k%turn])
		if !absent {
			state = state&^3 | p.cueAt(workload, k+1-x.away-p.Legs[leg].From, state&3, x.at-p.Legs[leg].From)
		}

		// Absences begin and end.
		if !absent && k+1-x.away == x.leaveAt && end == model.Completed {
			leave(x.leaveAt, k+1)
		}
		if absent && x.back == k+1 {
			from := p.Legs[leg].From
			absent, starts, cpu = false, true, nil
			workload, state = p.workload(leg), 4*p.loadOf[leg]
			state += p.cueAt(workload, x.at-from, model.StateQuiet, x.at-from)
		}

		// The next leg.
		if k+1-x.away == p.Legs[leg].To && leg+1 < len(p.Legs) {
			leg++
			workload, state = p.workload(leg), 4*p.loadOf[leg]
			if p.Legs[leg].Starts {
				cpu, starts = nil, true
			}
			if to := p.moves[leg]; to != nil {
				p.move(key, path, leg, to, in)
				m, w = in.net.model.Propagator(p.Step)
				ou, sun = in.ou, in.sun
			}
		}

		if end != model.Completed {
			last := at(k + 1)
			last.End = end
			return append(points, last), quiet
		}
	}
}

// cueAt returns the state of a workload's chain at step k of its phase: that of a regular cue, else
// the given one. Cues that began before step since have been interrupted.
func (p *Plant) cueAt(w *model.Workload, k, state, since int) int {
	every, _ := w.RegularCues(p.Scenario.Grid.Step)
	if cue, set := w.RegularCue(k, p.Scenario.Grid.Step); set && k-k%every >= since {
		return cue
	}
	return state
}

func sum(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}
