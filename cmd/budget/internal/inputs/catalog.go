package inputs

import (
	"sync"

	"budget/model"
)

// defaults are the catalog's defaults, to be read only: flags of all commands take words from
// them, and reading the catalog takes milliseconds.
var defaults = sync.OnceValue(model.Default)

// parameters lists their quantities.
var parameters = sync.OnceValue(func() []*model.Parameter { return defaults().Parameters() })

// SessionIDs lists the catalog's session types.
func SessionIDs() []string { return model.IDs(defaults().Sessions) }

// DeviceIDs lists the catalog's watch models.
func DeviceIDs() []string { return model.IDs(defaults().Devices) }

// EnvironmentIDs lists the catalog's environments.
func EnvironmentIDs() []string { return model.IDs(defaults().Environments) }

// WorkloadIDs lists the catalog's workloads.
func WorkloadIDs() []string { return defaults().WorkloadIDs() }

// Keys lists the keys of the catalog's quantities.
func Keys() (keys []string) {
	for _, p := range parameters() {
		keys = append(keys, p.Key)
	}
	return keys
}

// UncertainKeys lists the keys of the catalog's quantities with a range to vary them over.
func UncertainKeys() (keys []string) {
	for _, p := range parameters() {
		if p.Law != nil {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// wordKeys lists the keys of words that the catalog has, but for names.
var wordKeys = sync.OnceValue(func() (keys []string) {
	for _, p := range defaults().Words() {
		keys = append(keys, p.Key)
	}
	return keys
})
