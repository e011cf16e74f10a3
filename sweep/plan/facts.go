package plan

import (
	"encoding/hex"
	"fmt"
	"sync"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Facts are the properties of a cell that are needed repeatedly.
type Facts struct {
	*Circumstances
	digest   sweep.Key       // of its scenario
	scenario *model.Scenario // kept if there are few cells
}

// Circumstances are the facts that most cells of a plan have in common: its device, environment
// and start level, its timer's cycles, and by session type the limits [s] and the mean loads [W].
type Circumstances struct {
	On     solver.Case
	Limits []float64
	Loads  []float64
	Cycles sweep.Cycles
}

// knownFacts are the facts of a plan's cells, by cell, as far as they are known. Goroutines may
// share them.
type knownFacts struct {
	mu    sync.RWMutex
	of    []Facts // without Circumstances where they are not known
	alike map[string]*Circumstances
}

func newFacts(cells int) *knownFacts {
	return &knownFacts{of: make([]Facts, cells), alike: map[string]*Circumstances{}}
}

// known returns the facts of a cell; ok is false if they are not known.
func (p *Plan) known(c Cell) (f Facts, ok bool) {
	if p.facts == nil || c.Number == 0 {
		return Facts{}, false
	}
	p.facts.mu.RLock()
	defer p.facts.mu.RUnlock()
	f = p.facts.of[c.Number-1]
	return f, f.Circumstances != nil
}

// note finds the facts of a cell, given its scenario and case, and keeps them.
func (p *Plan) note(c Cell, s *model.Scenario, on solver.Case) Facts {
	f := Facts{Circumstances: &Circumstances{On: on, Cycles: sweep.NewCycles(s.CycleEnds())}}
	if _, err := hex.Decode(f.digest[:], []byte(s.Digest())); err != nil {
		panic("plan: a scenario's digest is not hexadecimal: " + err.Error())
	}
	for _, id := range p.Sessions {
		session := s.Session(id)
		f.Limits = append(f.Limits, float64(s.LimitOf(session)))
		f.Loads = append(f.Loads, s.Workload.ByID[session.Workload].MeanPower(s.Grid.Step))
	}
	if p.facts == nil || c.Number == 0 {
		return f
	}
	if len(p.cells) <= maxKept {
		f.scenario = s
	}
	start := "drawn"
	if on.StartLevel != nil {
		start = fmt.Sprintf("%x", *on.StartLevel)
	}
	on.StartLevel = nil
	alike := fmt.Sprintf("%+v %s %x %x %s", on, start, f.Limits, f.Loads, f.Cycles)
	p.facts.mu.Lock()
	defer p.facts.mu.Unlock()
	if other, ok := p.facts.alike[alike]; ok {
		f.Circumstances = other
	} else {
		p.facts.alike[alike] = f.Circumstances
	}
	p.facts.of[c.Number-1] = f
	return f
}

// FactsOf returns the facts of a cell.
func (p *Plan) FactsOf(c Cell) (Facts, error) {
	if f, ok := p.known(c); ok {
		return f, nil
	}
	s, on, err := p.Scenario(c)
	if err != nil {
		return Facts{}, err
	}
	return p.note(c, s, on), nil
}
