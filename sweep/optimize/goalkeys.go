package optimize

import (
	"slices"

	"budget/model"
	"budget/model/document"
)

// Defaults of a goal.
const (
	defaultWithin   = 60   // [s]
	defaultRelative = 0.02 // of the worth
	defaultSets     = 64
	defaultShare    = 0.95
	mostSets        = 256
	mostMenu        = 100
)

// goal reads the goal.
func (r *reader) goal(e *document.Element) {
	g := &r.design.Goal
	*g = Goal{Maximize: Cap, Over: Mean, Within: defaultWithin, Relative: defaultRelative}
	r.goalAt = r.root.At
	if e != nil {
		r.goalAt = e.At
	}
	if e == nil || !r.known("goal", e, "maximize", "menu", "length", "over", "against", "unknown",
		"sets", "share", "vary", "fix", "within", "relative", "longest") {
		return
	}
	if x := e.Lookup("maximize"); x != nil {
		g.Maximize = Maximize(r.word("goal.maximize", x, string(Cap), string(Offered),
			string(Completed)))
	}
	r.over(e.Lookup("over"))
	if x := e.Lookup("against"); x != nil {
		g.Against = Aspect(r.word("goal.against", x, string(Value), string(Cues), string(Power),
			string(BelowGate)))
		if g.Maximize != Cap {
			r.complain(x.At, "goal.against", "is only for maximize = %q", Cap)
		}
	}
	r.menu(e)
	if x := e.Lookup("length"); x != nil {
		g.Length = r.quantity("goal.length", x, model.KindDuration, day)
		if g.Maximize != Completed {
			r.complain(x.At, "goal.length", "is only for maximize = %q", Completed)
		}
	}
	if x := e.Lookup("within"); x != nil {
		g.Within, g.Relative = r.quantity("goal.within", x, model.KindDuration, day), 0
	}
	if x := e.Lookup("relative"); x != nil {
		g.Relative = r.quantity("goal.relative", x, model.KindNumber, 1)
	}
	if x := e.Lookup("longest"); x != nil {
		g.Longest = r.quantity("goal.longest", x, model.KindDuration, day)
		if err := r.design.Base.Grid.Hold(model.Duration(g.Longest)); err != nil {
			r.complain(x.At, "goal.longest", "%v", err)
		}
		if !g.Maximize.Capped() {
			r.complain(x.At, "goal.longest", "is for caps: leave it out with maximize = %q", Completed)
		}
	}
	r.unknown(e)
}

// over reads what the goal is over the circumstances: a word, or a share of them.
func (r *reader) over(e *document.Element) {
	g := &r.design.Goal
	switch {
	case e == nil:
	case e.Kind == document.String && (e.Text == string(Mean) || e.Text == string(Worst)):
		g.Over = Over(e.Text)
	default:
		share, _, err := model.KindNumber.Parse(e.Text)
		if err != nil || !(share > 0 && share < 1) {
			r.complain(e.At, "goal.over", "unknown word %s: expected one of mean, worst, or the share of "+
				"circumstances that may be worse, such as \"10 %%\"", document.Quote(e.Text))
		}
		g.Over, g.Quantile = Quantile, share
	}
}

// menu reads the menu.
func (r *reader) menu(goal *document.Element) {
	g, e := &r.design.Goal, goal.Lookup("menu")
	switch {
	case e == nil && g.Maximize == Offered:
		r.complain(goal.At, "goal.menu",
			`is missing: expected session lengths to offer, such as ["10 min", "20 min", "45 min"]`)
		return
	case e == nil:
		return
	case g.Maximize != Offered:
		r.complain(e.At, "goal.menu", "is only for maximize = %q", Offered)
		return
	case e.Kind != document.Array || len(e.Items) < 2 || len(e.Items) > mostMenu:
		r.complain(e.At, "goal.menu", "expected a list of 2 to %d session lengths", mostMenu)
		return
	}
	for _, item := range e.Items {
		length := r.quantity("goal.menu", item, model.KindDuration, day)
		if slices.Contains(g.Menu, length) {
			r.complain(item.At, "goal.menu", "%s is given twice", document.Quote(item.Text))
		}
		g.Menu = append(g.Menu, length)
	}
	slices.Sort(g.Menu)
}

// unknown reads what the goal is over the uncertain inputs.
func (r *reader) unknown(goal *document.Element) {
	g := &r.design.Goal
	const assumed, robust = "assumed", "robust"
	if x := goal.Lookup("unknown"); x == nil || r.word("goal.unknown", x, assumed, robust) != robust {
		for _, key := range []string{"sets", "share", "vary", "fix"} {
			if x := goal.Lookup(key); x != nil {
				r.complain(x.At, "goal."+key, "is only for unknown = %q", robust)
			}
		}
		return
	}
	g.Robust = &Robust{Sets: defaultSets, Share: defaultShare}
	if x := goal.Lookup("sets"); x != nil {
		sets, _, err := model.KindNumber.Parse(x.Text)
		if g.Robust.Sets = int(sets); err != nil || float64(g.Robust.Sets) != sets || sets < 2 ||
			sets > mostSets {
			r.complain(x.At, "goal.sets", "expected a whole number of 2 to %d", mostSets)
		}
	}
	if x := goal.Lookup("share"); x != nil {
		g.Robust.Share = r.quantity("goal.share", x, model.KindNumber, 1+1e-9)
	}
	g.Robust.Vary, g.Robust.Fix = r.texts(goal, "vary"), r.texts(goal, "fix")
	over := goal.Lookup("over")
	switch {
	case g.Over == Quantile:
		r.complain(over.At, "goal.over", "does not go with unknown = %q, which has a share of its own: "+
			"expected mean or worst", robust)
	case g.Over == Worst && g.Robust.Share < 1:
		r.complain(over.At, "goal.over", "the worst circumstance of a share of the draws is not looked "+
			"for: expected share = \"100 %%\", or over = %q", Mean)
	}
}

// texts reads a list of texts.
func (r *reader) texts(goal *document.Element, key string) (all []string) {
	e := goal.Lookup(key)
	if e == nil {
		return nil
	}
	if e.Kind != document.Array || len(e.Items) == 0 {
		r.complain(e.At, "goal."+key, `expected a list of keys, such as ["policy.*"]`)
		return nil
	}
	for _, item := range e.Items {
		if item.Kind != document.String {
			r.complain(item.At, "goal."+key, "expected text in quotes")
		}
		all = append(all, item.Text)
	}
	return all
}
