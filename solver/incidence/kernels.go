package incidence

// implementation is the functions for summing paths with a vector width.
type implementation struct {
	fold  func(*folding)
	batch *batchKernel
}

// byKernel are the implementations by the name of the kernel of package plant.
var byKernel = map[string]implementation{"portable": {foldPortable, &batchPortable}}
