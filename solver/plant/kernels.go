package plant

import "slices"

// implementation makes kernels of one width of phases.
type implementation struct {
	name string
	make func(*Plant, Sampler) Kernel
}

// implementations are those of this processor, the fastest first.
var implementations = []implementation{{"portable", newPortable}}

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
