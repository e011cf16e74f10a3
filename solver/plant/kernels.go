package plant

import "slices"

// implementation makes kernels of one width of phases.
type implementation struct {
	name string
	make func(*Plant, Sampler) Kernel
}

// implementations are those that this processor can run, the fastest first.
var implementations = []implementation{{"portable", newPortable}}

// Kernels returns the names of the kernels that run on this machine, the
// fastest first.
func Kernels() []string {
	var names []string
	for _, i := range implementations {
		names = append(names, i.name)
	}
	return names
}

// Kernel returns the kernel with a name; "" means the fastest. It panics if
// the name is unknown.
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
