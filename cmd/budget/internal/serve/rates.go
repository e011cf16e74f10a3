package serve

import (
	"context"
	"net/url"
)

// ratesOf returns the rules of the system that the page offers to move for a session type: those
// that move its cap most as the page starts. They do not follow what is moved, so that no control
// goes away under the hand.
func (p *page) ratesOf(ctx context.Context, session string) ([]string, error) {
	p.mu.Lock()
	rates, known := p.rates[session]
	p.mu.Unlock()
	if known {
		return rates, nil
	}
	a, err := p.ask(url.Values{"session": {session}})
	if err == nil {
		rates, err = p.engine.RulesByEffect(ctx, a.question)
	}
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.rates == nil {
		p.rates = map[string][]string{}
	}
	p.rates[session] = rates
	return rates, nil
}
