package serve

import (
	"sync"

	"budget/model"
	answers "budget/sweep/live"
)

// page is the page and all that it asks.
type page struct {
	base    *model.Scenario
	file    string // of the scenario, as commands are to name it; "" for the catalog
	session string // that the page starts with
	Seed    uint64
	engine  *answers.Engine

	mu    sync.Mutex
	rates map[string][]string // of session types, as ratesOf returns them
}
