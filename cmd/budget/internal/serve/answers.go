package serve

import (
	"context"
	"net/http"

	"budget/internal/finite"
	"budget/internal/notation"
	"budget/model"
	"budget/plots/live"
	"budget/sweep"
	answers "budget/sweep/live"
)

// handler serves the page below its token.
func (p *page) handler() http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", p.board)
	for name, asset := range live.Assets() {
		m.HandleFunc("GET /"+name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", asset.Type)
			_, _ = w.Write(asset.Text) // a reader that went away needs no answer
		})
	}
	m.HandleFunc("GET /answer", p.answer)
	m.HandleFunc("GET /range", p.fullRange)
	for name := range savedFiles {
		m.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { p.save(w, r, name) })
	}
	return m
}

// board sends the page.
func (p *page) board(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = live.NewBoard(p.base, p.file).HTML(w)
}

// part is a line of an answer. One of its fields is set.
type part struct {
	Screen *live.Screen `json:"screen,omitempty"`
	Cost   *live.Cost   `json:"cost,omitempty"`
	Range  *live.Range  `json:"range,omitempty"` // over the rules
	Full   *live.Range  `json:"full,omitempty"`  // over all that is uncertain
	Phases *live.Range  `json:"phases,omitempty"`
	Type   *live.Type   `json:"type,omitempty"`
	Error  string       `json:"error,omitempty"`
}

// answer sends what follows from an address, line by line as it is found: the cap, what sessions
// cost, and the caps of the other session types. It ends when the page wants something else.
func (p *page) answer(w http.ResponseWriter, r *http.Request) {
	p.stream(w, r, func(ctx context.Context, a *asked, send func(part) error) error {
		return p.follow(ctx, a, r.Header.Get(asks) == brief, send)
	})
}

// fullRange sends the range of the cap over all uncertain inputs.
func (p *page) fullRange(w http.ResponseWriter, r *http.Request) {
	p.stream(w, r, func(ctx context.Context, a *asked, send func(part) error) error {
		return p.engine.Answer(ctx, a.question, false, func(found *answers.Answer) error {
			over, err := p.engine.FullRange(ctx, a.question, found.Cap)
			if err != nil {
				return err
			}
			shown := live.NewFullRange(over)
			return send(part{Full: &shown})
		})
	})
}

// stream sends what is found for an address, line by line.
func (p *page) stream(w http.ResponseWriter, r *http.Request,
	find func(ctx context.Context, a *asked, send func(part) error) error) {
	w.Header().Set("Content-Type", "application/x-ndjson; charset=utf-8")
	ctx := r.Context() // ends with the request, and with the command
	send := func(line part) error {
		text, err := finite.Marshal(line)
		if err == nil {
			_, err = w.Write(append(text, '\n'))
		}
		if err == nil {
			err = http.NewResponseController(w).Flush()
		}
		return err
	}
	a, err := p.ask(r.URL.Query())
	if err == nil {
		err = find(ctx, a, send)
	}
	if err != nil && ctx.Err() == nil {
		_ = send(part{Error: problem(err)})
	}
}

// follow finds all that follows, of a brief answer the cap alone.
func (p *page) follow(ctx context.Context, a *asked, brief bool, send func(part) error) error {
	var last *answers.Answer
	var err error
	if a.Rates, err = p.ratesOf(ctx, a.Session); err != nil {
		return err
	}
	err = p.engine.Answer(ctx, a.question, true, func(found *answers.Answer) error {
		last = found
		return send(part{Screen: live.NewScreen(a.Asked, found, p.command(p.file, a))})
	})
	if err != nil || brief {
		return err
	}
	if last.Cap.Status != sweep.CapUnknown {
		over, err := p.engine.RuleRange(ctx, a.question, last.Cap)
		if err != nil {
			return err
		}
		shown := live.NewRuleRange(over)
		if err := send(part{Range: &shown}); err != nil {
			return err
		}
	}
	if a.Timer != "" {
		of, caps, err := p.engine.Longest(ctx, a.question)
		if err != nil {
			return err
		}
		shown := live.NewLongest(a.Scenario, of, caps)
		if err := send(part{Phases: &shown}); err != nil {
			return err
		}
	}
	shown := live.Cost{Text: "No length is safe."}
	if last.Cap.Status.HasCap() {
		cost, err := p.engine.Cost(ctx, a.question, last, last.Cap.Cap)
		if err != nil {
			return err
		}
		shown = live.NewCost(cost)
	}
	if err := send(part{Cost: &shown}); err != nil {
		return err
	}
	for _, id := range model.IDs(a.Scenario.Sessions) {
		other := a.of(id)
		err := p.engine.Answer(ctx, other.question, false, func(found *answers.Answer) error {
			shown := live.NewType(other.Asked, found)
			return send(part{Type: &shown})
		})
		if err != nil && ctx.Err() == nil {
			shown := live.Type{ID: id, Name: a.Scenario.Session(id).Name, Cap: "–",
				Note: notation.Sentence(problem(err))}
			err = send(part{Type: &shown})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
