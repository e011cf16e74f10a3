package plant

import "budget/solver/random"

// The purposes of random words. A path's words for one purpose never serve
// another.
const (
	purposeSession  uint32 = iota // drawn once per session, numbered below
	purposeAir                    // a word per step, see driverWords: ambient temperature
	purposeLoad                   // workload
	purposeNoise                  // gauge noise
	purposeSun                    // sun and shade
	purposeEnd                    // when and how a path ends by chance (Sampler.EndDraws)
	purposeScramble               // seeds of the replicates' scrambles
)

// The draws made once per session, by their number in the session's stream: first
// those that are not coordinates of a point.
const (
	drawDevice uint32 = iota
	drawFade
	drawGrowth
	drawCPU
	drawOU
	drawNoise
	drawSun
	drawFrailty
	drawAge // the first of the leading draws
	drawCell
	drawStartLevel
	drawPower
	drawEnvironment
	drawAmbient
	drawWrist
	drawFit
	drawThreshold
	drawLPMStart
	drawLPMAccept
	drawBias
	drawIrradiance
	_
	_
	_
	draws // how many there are, in blocks of four

	drawSince = draws // in a block that is made where it is needed

	leadingDraws = drawAge
)

// Sampling is how the leading session draws of different paths go together. Each way
// is the one before it and more.
type Sampling string

const (
	// Independent draws everything of a path for itself.
	Independent Sampling = "independent"
	// Stratified makes every leading draw of a replicate's paths a Latin hypercube: one
	// in each of equal cells.
	Stratified Sampling = "stratified"
	// Sobol makes the leading draws of a replicate's paths the points of a scrambled
	// Sobol' sequence, which stratify several draws together.
	Sobol Sampling = "sobol"
	// Tilted lets more paths start at low levels, and weighs them less. The default.
	Tilted Sampling = "tilted"
)

// Replicates is the number of independently scrambled point sets. Path p is point
// ⌊p/Replicates⌋ of replicate p mod Replicates: their means are independent and say how
// precise the mean of all is, while the points within a replicate repel each other and
// make its mean vary less. Any first paths, in any number, are the first points of every
// replicate.
const Replicates = 64

// coordinates names the session draws that are coordinates of a point, most
// important first: what decides most failures are the level at the start and
// the heat around the watch.
var coordinates = [random.SobolDimensions]uint32{drawStartLevel, drawEnvironment, drawAmbient,
	drawIrradiance, drawThreshold, drawLPMAccept, drawCell, drawBias, drawWrist, drawFit,
	drawPower, drawLPMStart, drawAge}

// The lowest levels at the start decide most failures, and few sessions have them. So
// the lowest lowShare of the start levels is drawn for lowPaths of the paths, and a path
// weighs as much as its level is rarer among paths than among sessions.
const (
	lowShare = 1.0 / 48
	lowPaths = 1.0 / 8

	lightest = lowShare / lowPaths
	// Heaviest is the greatest weight of a path, where they weigh differently.
	Heaviest = (1 - lowShare) / (1 - lowPaths)
)

// tilt returns the uniform number of a start level, and the weight of a path with it,
// for the uniform number of a point.
func tilt(v float64) (u, weight float64) {
	if v < lowPaths {
		return v * lightest, lightest
	}
	return lowShare + (v-lowPaths)*Heaviest, Heaviest
}

// Sampler makes the random numbers of paths: a function of seed and path alone.
type Sampler struct {
	key      random.Key
	sampling Sampling
}

// NewSampler returns the sampler of a seed.
func NewSampler(seed uint64, s Sampling) Sampler { return Sampler{random.NewKey(seed), s} }

// EndDraws returns two uniform numbers of a path for who ends paths by chance.
func (s Sampler) EndDraws(path uint64) (u, v float64) {
	stream := random.Stream{Key: s.key, Path: path, Purpose: purposeEnd}
	return stream.Uniform(0), stream.Uniform(1)
}

// FrailtyDraw returns the uniform number of a path for the frailty of its user, which
// touches nothing of the watch.
func (s Sampler) FrailtyDraw(path uint64) float64 {
	d := sessionDraws{Sampler: s}
	d.move(path)
	return d.uniform(drawFrailty)
}

// sessionDraws are the draws of one path, made once per session. It can go from
// path to path; going to the next path of the same replicate is the quickest.
type sessionDraws struct {
	Sampler
	path  uint64
	words [draws]uint32

	point     random.Net
	replicate uint64 // whose scrambles these are, plus one
	// Of the scrambles; for Latin hypercubes of the orders, too.
	seeds [2 * random.SobolDimensions]uint32
}

// move makes the draws of a path.
func (d *sessionDraws) move(path uint64) {
	d.path = path
	stream := random.Stream{Key: d.key, Path: path, Purpose: purposeSession}
	needed := draws
	if d.sampling != Independent {
		needed = leadingDraws
	}
	for i := uint32(0); i < needed; i += 4 {
		d.words[i], d.words[i+1], d.words[i+2], d.words[i+3] = stream.Block(i / 4)
	}
	if d.sampling == Independent {
		return
	}
	replicate, point := path%Replicates, uint32(path/Replicates)
	if d.replicate != replicate+1 {
		d.scramble(replicate)
	}
	if d.sampling == Stratified {
		for c, draw := range coordinates {
			d.words[draw] = random.Shuffle(point, d.seeds[2*c], d.seeds[2*c+1])
		}
		return
	}
	d.point.Move(point)
	for c, draw := range coordinates {
		d.words[draw] = random.Scramble(d.point.Coordinate(c), d.seeds[c])
	}
}

// scramble draws the scrambles of a replicate.
func (d *sessionDraws) scramble(replicate uint64) {
	stream := random.Stream{Key: d.key, Path: replicate, Purpose: purposeScramble}
	for i := 0; i < len(d.seeds); i += 4 {
		var words [4]uint32
		words[0], words[1], words[2], words[3] = stream.Block(uint32(i / 4))
		copy(d.seeds[i:], words[:])
	}
	d.replicate = replicate + 1
}

// uniform returns a draw as a uniform number in (0, 1), normal as a standard
// normal one.
func (d *sessionDraws) uniform(draw uint32) float64 { return random.Uniform32(d.words[draw]) }
func (d *sessionDraws) normal(draw uint32) float64  { return random.Normal32(d.words[draw]) }

// further returns a draw beyond those that every session needs.
func (d *sessionDraws) further(draw uint32) float64 {
	stream := random.Stream{Key: d.key, Path: d.path, Purpose: purposeSession}
	a, b, c, e := stream.Block(draw / 4)
	return random.Uniform32([...]uint32{a, b, c, e}[draw%4])
}

// turn is the number of steps that a block of four random words serves: the word
// of step k for a purpose is word k mod turn of the purpose's block ⌊k/turn⌋. What
// need not be looked at every step is looked at where a turn begins.
const turn = 4

// driverWords returns a path's words of the turn that begins with step k, for the
// driver with the given purpose.
func driverWords(key random.Key, purpose uint32, path uint64, k int) (words [turn]uint32) {
	words[0], words[1], words[2], words[3] =
		random.Philox(key, uint32(k/turn), purpose, uint32(path), uint32(path>>32))
	return words
}
