package live

import "budget/model"

// Board is the page as it is first sent.
type Board struct {
	Scenario string   // its name
	File     string   // it was read from, "" for the catalog
	Keys     []string // of all quantities, to search
}

// NewBoard returns the page of a scenario.
func NewBoard(s *model.Scenario, file string) *Board {
	b := &Board{Scenario: s.Name, File: file}
	for _, p := range s.Parameters() {
		b.Keys = append(b.Keys, p.Key)
	}
	return b
}
