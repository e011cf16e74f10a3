package solver

import "budget/solver/random"

// The purposes of random words. A path's words for one purpose never serve
// another.
const (
	purposeSession  uint32 = iota // drawn once per session, numbered in draw.go
	purposeStep                   // four words per step
	purposeEnd                    // when and how hazards end the session, where ends are 0/1 events
	purposeScramble               // seeds of the nets' scrambles
)

// netPaths is the number of consecutive paths whose leading session draws are
// the points of one net.
const netPaths = 1024

// netDraws names the session draws that are coordinates of a net, most
// important first: what decides most failures are the level at the start and
// the heat around the watch.
var netDraws = [random.SobolDimensions]uint32{drawStartLevel, drawEnvironment, drawAmbient,
	drawIrradiance, drawThreshold, drawLPMAccept, drawCell, drawBias, drawWrist, drawFit,
	drawPower, drawLPMStart, drawAge}

// netCoordinate is the inverse of netDraws; −1 for the other draws.
var netCoordinate = func() (coordinate [draws]int) {
	for i := range coordinate {
		coordinate[i] = -1
	}
	for d, draw := range netDraws {
		coordinate[draw] = d
	}
	return coordinate
}()

// sampler makes the session draws. With nets, every netPaths consecutive paths
// take their leading draws from a Sobol' net of their own, scrambled
// independently of all others: each path alone is as random as without, blocks
// of whole nets are independent, and their means vary less. 0/1 counts take
// independent draws, since a binomial interval needs independent paths.
//
// Draws are a function of seed and path alone; where a net starts does not
// depend on how many paths are run, or in what blocks.
type sampler struct {
	key  random.Key
	nets bool
}

func newSampler(seed uint64, e Estimator) sampler {
	return sampler{key: random.NewKey(seed), nets: e == Weights}
}

// pathDraws are the session draws of one path.
type pathDraws struct {
	stream random.Stream
	nets   bool
	point  uint32                         // of the net
	seeds  [random.SobolDimensions]uint32 // of the net's scrambles
}

func (s sampler) path(path uint64) pathDraws {
	d := pathDraws{stream: random.Stream{Key: s.key, Path: path, Purpose: purposeSession}, nets: s.nets}
	if s.nets {
		d.point = uint32(path % netPaths)
		net := random.Stream{Key: s.key, Path: path / netPaths, Purpose: purposeScramble}
		for i := 0; i < len(d.seeds); i += 4 {
			var words [4]uint32
			words[0], words[1], words[2], words[3] = net.Block(uint32(i / 4))
			copy(d.seeds[i:], words[:])
		}
	}
	return d
}

// uniform returns a draw as a uniform number in (0, 1).
func (d *pathDraws) uniform(draw uint32) float64 {
	if c := netCoordinate[draw]; d.nets && c >= 0 {
		return random.Uniform32(random.Scramble(random.Sobol(d.point, c), d.seeds[c]))
	}
	return d.stream.Uniform(draw)
}

// normal returns a draw as a standard normal number.
func (d *pathDraws) normal(draw uint32) float64 { return random.Normal(d.uniform(draw)) }

// endDraws returns the two uniform numbers that decide how a path ends where
// ends are 0/1 events.
func (s sampler) endDraws(path uint64) (u, v float64) {
	stream := random.Stream{Key: s.key, Path: path, Purpose: purposeEnd}
	return stream.Uniform(0), stream.Uniform(1)
}
