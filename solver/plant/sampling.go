package plant

import "budget/solver/random"

// The purposes of random words. Different purposes never share words.
const (
	purposeSession  uint32 = iota // drawn once per session, numbered below
	purposeAir                    // a word per step, see driverWords: ambient temperature
	purposeLoad                   // workload
	purposeNoise                  // gauge noise
	purposeSun                    // sun and shade
	purposeEnd                    // when and how a path ends by chance (Sampler.EndDraws)
	purposeScramble               // seeds of the replicates' scrambles
	purposeMove                   // what is drawn anew in another environment (Plant.move)
	purposePause                  // a block per absence: its length, and when the next begins
)

// The draws made once per session, by number in the session's stream. Those that
// are not coordinates of a point come first.
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
	draws // number of draws, in blocks of four

	drawSince = draws     // in a block that is made only if needed
	drawTakes = draws + 1 // and so is this one

	leadingDraws = drawAge
)

// Sampling says how the leading session draws of different paths are related. Each
// way adds something to the one before.
type Sampling string

const (
	// Independent draws every path independently.
	Independent Sampling = "independent"
	// Stratified makes the leading draws of a replicate's paths a Latin hypercube: each
	// of equal cells has one draw.
	Stratified Sampling = "stratified"
	// Sobol makes the leading draws of a replicate's paths the points of a scrambled
	// Sobol' sequence, which stratifies several draws jointly.
	Sobol Sampling = "sobol"
	// Tilted is Sobol with more paths at low start levels, which have smaller
	// weights. It is the default.
	Tilted Sampling = "tilted"
)

// Replicates is the number of independently scrambled point sets. Path p is point
// ⌊p/Replicates⌋ of replicate p mod Replicates. The means of replicates are independent,
// so their spread gives the standard error of the mean of all. The points within a
// replicate fill the cube evenly, so its mean varies less. The first n paths are always
// the first points of every replicate.
const Replicates = 64

// coordinates lists the session draws that are coordinates of a point, most
// important first. The level at the start and the heat around the watch decide
// most failures.
var coordinates = [random.SobolDimensions]uint32{drawStartLevel, drawEnvironment, drawAmbient,
	drawIrradiance, drawThreshold, drawLPMAccept, drawCell, drawBias, drawWrist, drawFit,
	drawPower, drawLPMStart, drawAge}

// Low levels at the start cause most failures, but few sessions have them. So the share
// lowPaths of the paths draws from the lowest lowShare of the start levels. A path's
// weight is the ratio of the densities of its level among sessions and among paths.
const (
	lowShare = 1.0 / 48
	lowPaths = 1.0 / 8

	lightest = lowShare / lowPaths
	// Heaviest is the largest weight of a path under Tilted.
	Heaviest = (1 - lowShare) / (1 - lowPaths)
)

// tilt converts a uniform number of a point into that of a start level and the weight
// of its path.
func tilt(v float64) (u, weight float64) {
	if v < lowPaths {
		return v * lightest, lightest
	}
	return lowShare + (v-lowPaths)*Heaviest, Heaviest
}

// Sampler makes the random numbers of paths. They depend on seed and path
// alone.
type Sampler struct {
	key      random.Key
	sampling Sampling
}

// NewSampler returns the sampler of a seed.
func NewSampler(seed uint64, s Sampling) Sampler { return Sampler{random.NewKey(seed), s} }

// EndDraws returns two uniform numbers of a path, for ends at random.
func (s Sampler) EndDraws(path uint64) (u, v float64) {
	stream := random.Stream{Key: s.key, Path: path, Purpose: purposeEnd}
	return stream.Uniform(0), stream.Uniform(1)
}

// FrailtyDraw returns the uniform number of a path for the frailty of its user.
func (s Sampler) FrailtyDraw(path uint64) float64 {
	d := sessionDraws{Sampler: s}
	d.move(path)
	return d.uniform(drawFrailty)
}

// sessionDraws are the session draws of one path. It can move to any path;
// moving to the next path of the same replicate is fastest.
type sessionDraws struct {
	Sampler
	path  uint64
	words [draws]uint32

	point     random.Net
	replicate uint64 // replicate of seeds, plus one
	// Seeds of the scrambles, and of the orders of Latin hypercubes.
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
		d.words[draw] = d.point.Scrambled(c, d.seeds[c])
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
// normal number.
func (d *sessionDraws) uniform(draw uint32) float64 { return random.Uniform32(d.words[draw]) }
func (d *sessionDraws) normal(draw uint32) float64  { return random.Normal32(d.words[draw]) }

// further returns a draw beyond those that every session needs.
func (d *sessionDraws) further(draw uint32) float64 {
	stream := random.Stream{Key: d.key, Path: d.path, Purpose: purposeSession}
	a, b, c, e := stream.Block(draw / 4)
	return random.Uniform32([...]uint32{a, b, c, e}[draw%4])
}

// shares are those of classes, and their sum, which need not be 1.
type shares struct {
	of    []float64
	total float64
}

func (s *shares) add(share float64) {
	s.of = append(s.of, share)
	s.total += share
}

// class returns the class of u.
func (s *shares) class(u float64) int {
	u *= s.total
	for i, share := range s.of {
		if u < share {
			return i
		}
		u -= share
	}
	return len(s.of) - 1
}

// turn is the number of steps that share a block of four random words: the word of
// step k for a purpose is word k mod turn of the purpose's block ⌊k/turn⌋. Checks
// that are not needed at every step are made at the start of a turn.
const turn = 4

// driverWords returns a path's words of the turn that begins with step k, for the
// driver with the given purpose.
func driverWords(key random.Key, purpose uint32, path uint64, k int) (words [turn]uint32) {
	words[0], words[1], words[2], words[3] =
		random.Philox(key, uint32(k/turn), purpose, uint32(path), uint32(path>>32))
	return words
}
