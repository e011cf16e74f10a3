package solver

// A kernel steps the paths of a program. All kernels leave the same histories,
// to the bit, on one architecture; a worker has one of its own.
type kernel interface {
	// run steps the paths from first up to but not including last through at most
	// the given number of steps and hands over their histories, in order.
	// A history holds until book returns.
	run(first, last uint64, steps int, book func(path uint64, h *History))
}

// fast is the kernel of this processor that is faster than the portable one, if
// there is any.
var fast struct {
	name string
	make func(*Program, sampler) kernel
}

// Kernel names the kernel that steps the paths on this machine.
func Kernel() string {
	if fast.make != nil {
		return fast.name
	}
	return "portable"
}

func newKernel(p *Program, s sampler, portable bool) kernel {
	if fast.make != nil && !portable {
		return fast.make(p, s)
	}
	return &scalar{program: p, sampler: s}
}

// scalar is the portable kernel: one path after another.
type scalar struct {
	program *Program
	sampler sampler
	lane    lane
}

func (s *scalar) run(first, last uint64, steps int, book func(uint64, *History)) {
	for path := first; path < last; path++ {
		s.program.run(&s.lane, s.sampler, path, steps)
		book(path, &s.lane.history)
	}
}
