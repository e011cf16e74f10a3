//go:build goexperiment.simd && amd64

package plant

import "budget/solver/random"

func init() {
	var found []implementation
	if r, ok := random.AVX512(); ok {
		found = append(found, implementation{"avx512", func(p *Plant, s Sampler) Kernel {
			v := newVectors(p, s, r)
			v.phases = phases512{v}
			return v.kernel
		}})
	}
	if r, ok := random.AVX2(); ok {
		found = append(found, implementation{"avx2", func(p *Plant, s Sampler) Kernel {
			v := newVectors(p, s, r)
			for i := range v.groups {
				g := &v.groups[i]
				g.halves = [2]*columns{g.columns, from256(g.columns, width256)}
			}
			v.phases = phases256{v}
			return v.kernel
		}})
	}
	implementations = append(found, implementations...)
}
