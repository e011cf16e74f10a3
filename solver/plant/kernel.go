package plant

import "slices"

// A Kernel steps the paths of a plant. All kernels leave the same histories, to
// the bit, on one architecture; a worker has one of its own.
type Kernel interface {
	// Run steps the paths that next tells, until it tells no more, through at most
	// the given number of steps and hands over their histories, in any order.
	// A history holds until book returns.
	Run(steps int, next func() (path uint64, ok bool), book func(path uint64, h *History))
	// Stepped returns the number of steps that paths were stepped through so far.
	Stepped() int64
}

// lanes is how many paths of a vector kernel go side by side.
const lanes = 8

// implementation is a way to step paths on this machine.
type implementation struct {
	name string
	make func(*Plant, Sampler) Kernel
}

// implementations are those of this processor, the fastest first.
var implementations = []implementation{{"portable", newScalar}}

// Kernels names the kernels that run on this machine, the fastest first.
func Kernels() []string {
	var names []string
	for _, i := range implementations {
		names = append(names, i.name)
	}
	return names
}

// Kernel returns a kernel of a name; "" means the fastest. It panics if there is none of
// that name.
func (p *Plant) Kernel(name string, s Sampler) Kernel {
	if name == "" {
		name = implementations[0].name
	}
	i := slices.IndexFunc(implementations, func(i implementation) bool { return i.name == name })
	if i < 0 {
		panic("plant: unknown kernel " + name)
	}
	return implementations[i].make(p, s)
}

func newScalar(p *Plant, s Sampler) Kernel {
	return &scalar{plant: p, draws: sessionDraws{Sampler: s}, loads: p.loads(s.key)}
}

// scalar is the portable kernel. It steps a few paths in turn: a step is a long
// chain of operations that wait for each other, and the processor fills the waits
// with the steps of the other paths.
type scalar struct {
	plant *Plant
	draws sessionDraws
	loads loadWords
	lanes [2]lane
}

func (s *scalar) Run(steps int, next func() (uint64, bool), book func(uint64, *History)) {
	live := 0
	for live < len(s.lanes) && s.begin(&s.lanes[live], steps, next, book) {
		live++
	}
	for live > 0 {
		for i := 0; i < live; i++ {
			l := &s.lanes[i]
			if s.plant.proceed(l, s.draws.key, s.loads, steps) {
				continue
			}
			book(l.path, &l.history)
			if !s.begin(l, steps, next, book) {
				live--
				s.lanes[i], s.lanes[live] = s.lanes[live], s.lanes[i]
				i--
			}
		}
	}
}

// begin puts the next path that is not settled from the start on a lane, and books
// those that are. It tells whether there was one.
func (s *scalar) begin(l *lane, steps int, next func() (uint64, bool), book func(uint64, *History)) bool {
	for path, ok := next(); ok; path, ok = next() {
		if s.plant.begin(l, &s.draws, s.loads, path, steps) {
			return true
		}
		book(path, &l.history)
	}
	return false
}

func (s *scalar) Stepped() int64 {
	n := int64(0)
	for i := range s.lanes {
		n += s.lanes[i].stepped
	}
	return n
}
