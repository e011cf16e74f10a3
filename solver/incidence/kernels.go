package incidence

// implementation is how paths are added up on this machine.
type implementation struct {
	fold  func(*folding)
	batch *batchKernel
}

// byKernel are the implementations, by the name of the kernel of package plant that they
// belong to.
var byKernel = map[string]implementation{"portable": {foldPortable, &batchPortable}}
