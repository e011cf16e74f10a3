package measure

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// cell is a battery as drawn.
type cell struct {
	capacity float64 // [C], with its health
	// resistance [ohm] in all at 25 degC, far from empty
	resistance float64
	scale      float64 // the device's own factor on loads
}

// cells draws batteries.
type cells struct {
	scenario *model.Scenario
	devices  []*model.Device
	weights  []float64
	health   float64 // given; 0 is drawn
}

// newCells returns the batteries of a device, or of the fleet for "".
func newCells(s *model.Scenario, device string, health float64) cells {
	c := cells{scenario: s, health: health}
	for _, d := range s.Devices {
		switch {
		case d.ID == device:
			c.devices, c.weights = append(c.devices, d), append(c.weights, 1)
		case device == "" && d.Weight > 0:
			c.devices, c.weights = append(c.devices, d), append(c.weights, float64(d.Weight))
		}
	}
	return c
}

// Numbers of the uniform draws of a cell.
const (
	drawDevice = iota
	drawCapacity
	drawAge
	drawFade
	drawGrowth
	drawSpread
	cellDraws
)

// draw returns the cell with the given uniform numbers, by the laws of the session model,
// section 2.
func (c *cells) draw(u [cellDraws]float64) cell {
	p := &c.scenario.Population
	i, below := 0, c.weights[0]
	total := 0.0
	for _, w := range c.weights {
		total += w
	}
	for i+1 < len(c.weights) && u[drawDevice]*total > below {
		i++
		below += c.weights[i]
	}
	device := c.devices[i]
	nominal := float64(device.Capacity)
	key := "device." + device.ID + ".capacity"
	if parameter := c.scenario.Parameter(key); parameter != nil && parameter.Law != nil {
		nominal = parameter.Law.Quantile(u[drawCapacity])
	}
	health := c.health
	if health == 0 {
		youngest, oldest := float64(p.AgeYears[0]), float64(p.AgeYears[1])
		cycles := float64(p.CyclesPerDay) * (youngest + u[drawAge]*(oldest-youngest))
		health = p.Health(cycles, random.Normal(u[drawFade]))
	}
	b := &c.scenario.Battery
	factor := p.ResistanceFactor(health, random.Normal(u[drawGrowth]), random.Normal(u[drawSpread]))
	scale := 1.0
	if device.PowerScale != nil {
		scale = float64(*device.PowerScale)
	}
	return cell{nominal * health,
		float64(b.R0Q+b.R1Q+b.R2Q) / float64(device.Capacity) * factor, scale}
}

// typical is the cell of medians; of a fleet it has the mean capacity.
func (c *cells) typical() cell {
	u := [cellDraws]float64{}
	for i := range u {
		u[i] = 0.5
	}
	at, total, sum := c.draw(u), 0.0, 0.0
	for i, d := range c.devices {
		total += c.weights[i]
		sum += c.weights[i] * float64(d.Capacity)
	}
	if len(c.devices) > 1 {
		i, below := 0, c.weights[0]
		for i+1 < len(c.weights) && total/2 > below {
			i++
			below += c.weights[i]
		}
		at.capacity *= sum / total / float64(c.devices[i].Capacity)
	}
	return at
}

// levels is the number of intervals of the table of an energyCurve.
const levels = 2000

// energyCurve holds ∫U dz from 0 to the multiples of 1/levels [V].
type energyCurve [levels + 1]float64

// newEnergyCurve integrates the open-circuit voltage over the level.
func newEnergyCurve(b *model.Battery) *energyCurve {
	var e energyCurve
	for i := range levels {
		e[i+1] = e[i] + b.OpenCircuitVoltage((float64(i)+0.5)/levels)/levels
	}
	return &e
}

// at returns ∫U dz from 0 to z [V], 0 ≤ z ≤ 1: times the charge of a full battery the energy
// that is left.
func (e *energyCurve) at(z float64) float64 {
	x := min(max(z, 0), 1) * levels
	i := min(int(x), levels-1)
	return e[i] + (x-float64(i))*(e[i+1]-e[i])
}

// trueLevel returns the level of charge at which a gauge with an error e shows x, before
// rounding. It undoes the display of the session model, section 3, where the error shrinks in
// proportion below a level:
//
//	x = z + e min(1, z/converge)
func trueLevel(g *model.Gauge, x, e float64) float64 {
	c := float64(g.Converge)
	z := x - e
	if z < c && c+e > 0 {
		z = x / (1 + e/c)
	}
	return math.Min(math.Max(z, 0), 1)
}
