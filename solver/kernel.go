package solver

import "slices"

// A kernel steps the paths of a plant. All kernels leave the same histories, to
// the bit, on one architecture; a worker has one of its own.
type kernel interface {
	// run steps the paths that next tells, until it tells no more, through at most
	// the given number of steps and hands over their histories, in any order.
	// A history holds until book returns.
	run(steps int, next func() (path uint64, ok bool), book func(path uint64, h *History))
	// stepped returns the number of steps that paths were stepped through so far.
	stepped() int64
}

// lanes is how many numbers of a kind go side by side: paths of a vector kernel, nets
// of a folding, endings of an octet.
const lanes = 8

// implementation is a way to do the work on this machine.
type implementation struct {
	name   string
	kernel func(*plant, sampler) kernel
	fold   func(*folding)
	octet  *octetKernel
}

// implementations are those of this processor, the fastest first.
var implementations = []implementation{{"portable", newScalar, foldPortable, &octetPortable}}

// Kernels names the kernels that run on this machine, the fastest first.
func Kernels() []string {
	var names []string
	for _, i := range implementations {
		names = append(names, i.name)
	}
	return names
}

// Kernel names the fastest of them.
func Kernel() string { return Kernels()[0] }

// implementationOf returns the implementation with the kernel of a name; "" means the
// fastest. It panics if there is none of that name.
func implementationOf(name string) implementation {
	if name == "" {
		return implementations[0]
	}
	i := slices.IndexFunc(implementations, func(i implementation) bool { return i.name == name })
	if i < 0 {
		panic("solver: unknown kernel " + name)
	}
	return implementations[i]
}

func newScalar(p *plant, s sampler) kernel {
	return &scalar{plant: p, draws: sessionDraws{sampler: s}, loads: p.loads(s.key)}
}

// scalar is the portable kernel. It steps a few paths in turn: a step is a long
// chain of operations that wait for each other, and the processor fills the waits
// with the steps of the other paths.
type scalar struct {
	plant *plant
	draws sessionDraws
	loads loadWords
	lanes [2]lane
}

func (s *scalar) run(steps int, next func() (uint64, bool), book func(uint64, *History)) {
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

func (s *scalar) stepped() int64 {
	n := int64(0)
	for i := range s.lanes {
		n += s.lanes[i].stepped
	}
	return n
}
