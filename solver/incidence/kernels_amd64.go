//go:build goexperiment.simd && amd64

package incidence

func init() {
	byKernel["avx512"] = implementation{fold512, &batch512}
	byKernel["avx2"] = implementation{fold256, &batch256}
}
