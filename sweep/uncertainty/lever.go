package uncertainty

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// The short names of what an inverse question may move, besides the catalog's quantities.
const (
	KeyStartLevel = "start_level" // true battery level at the start
	KeyLoad       = "load"        // factor on the power of the workload
	KeyAir        = "air"         // mean air temperature, of every environment in question
)

// Levers lists the short names.
func Levers() []string { return []string{KeyStartLevel, KeyLoad, KeyAir} }

// SplitSession takes a session type off the front of a key: "audio.start_level" and
// "session.audio.start_level" ask for KeyStartLevel in sessions of that type. Without one it
// returns "" and the key.
func SplitSession(key string) (session, rest string) {
	if front, found := strings.CutSuffix(key, "."+KeyStartLevel); found {
		return strings.TrimPrefix(front, "session."), KeyStartLevel
	}
	return "", key
}

// lever is what an inverse question moves, with the values to look between. Values are in SI
// units.
type lever struct {
	Quantity
	low, high float64
	ranged    bool // low and high are known
	ratio     bool // values are spread by even factors
	kind      *model.Kind
	column    func(si float64) float64 // the value in Quantity.Unit
	// under returns the settings that give the lever a value, and the start level if that is
	// what it moves.
	under func(x float64) ([]model.Setting, *float64)
	// parameter is the quantity of a lever that moves one alone, by its law; else nil.
	parameter *model.Parameter
}

// newLever returns the lever of a key for a case.
func newLever(s *model.Scenario, c sweep.Case, key string) (*lever, error) {
	switch key {
	case KeyStartLevel:
		return startLever(c), nil
	case KeyLoad:
		return loadLever(s, c), nil
	case KeyAir:
		return airLever(s, c), nil
	}
	p := s.Parameter(key)
	if p == nil {
		keys := Levers()
		for _, p := range s.Parameters() {
			keys = append(keys, p.Key)
		}
		return nil, &KeyError{key, model.Nearest(key, keys)}
	}
	switch {
	case shares(key) != "":
		return shareLever(s, p)
	case !p.Single():
		return factorLever(p), nil
	}
	return quantityLever(p), nil
}

// percents are levers that people read in per cent.
func percents(l *lever) *lever {
	l.Unit, l.kind = "%", model.KindNumber
	l.column = func(x float64) float64 { return 100 * x }
	return l
}

// startLever moves the true level at the start.
func startLever(c sweep.Case) *lever {
	value := "drawn for each session"
	return percents(&lever{Quantity: Quantity{Key: KeyStartLevel, Value: value, Plant: true},
		low: 0.02, high: 1, ranged: true,
		under: func(x float64) ([]model.Setting, *float64) { return nil, &x }})
}

// loadLever moves the power of the workload by a common factor.
func loadLever(s *model.Scenario, c sweep.Case) *lever {
	p := s.PowerScaleOf(s.Session(c.Session))
	own := p.Values[0]
	return &lever{Quantity: Quantity{Key: KeyLoad, Value: "1", Plant: true},
		low: 0.25, high: 4, ranged: true, ratio: true, kind: model.KindNumber, column: same,
		under: func(x float64) ([]model.Setting, *float64) {
			return []model.Setting{p.Varied(x * own)}, nil
		}}
}

// airLever moves the mean air temperature of the environments that sessions are drawn from.
func airLever(s *model.Scenario, c sweep.Case) *lever {
	var all []*model.Parameter
	for _, e := range s.Environments {
		if c.Environment == solver.Mix || c.Environment == e.ID {
			all = append(all, s.Parameter("environment."+e.ID+".ambient_mean"))
		}
	}
	value := all[0].VariedText(all[0].Values[0])
	if len(all) > 1 {
		value = "that of each environment"
	}
	kind := all[0].VariedKind()
	return &lever{Quantity: Quantity{Key: KeyAir, Value: value, Unit: kind.ColumnUnit(), Plant: true},
		low: -30, high: 50, ranged: true, kind: kind, column: kind.InColumn,
		under: func(x float64) (set []model.Setting, _ *float64) {
			for _, p := range all {
				set = append(set, p.Varied(x))
			}
			return set, nil
		}}
}

// shares returns how the keys of the shares begin that a key is one of, "" if it is none.
func shares(key string) string {
	for _, of := range []struct{ table, name string }{{"environment.", ".share"},
		{"thermal.fit.", ".share"}, {"device.", ".weight"}} {
		if strings.HasPrefix(key, of.table) && strings.HasSuffix(key, of.name) {
			return of.table
		}
	}
	return ""
}

// shareLever gives a share a value and moves the others in proportion, so that all sum to one.
func shareLever(s *model.Scenario, p *model.Parameter) (*lever, error) {
	var others []*model.Parameter
	rest := 0.0
	for _, o := range s.Parameters() {
		if o.Key != p.Key && shares(o.Key) == shares(p.Key) {
			others = append(others, o)
			rest += o.Values[0]
		}
	}
	if rest == 0 {
		return nil, fmt.Errorf("%s cannot be moved: all the others are 0", p.Key)
	}
	own := p.Values[0] / (p.Values[0] + rest)
	return percents(&lever{Quantity: Quantity{Key: p.Key,
		Value: fmt.Sprintf("%.4g %%", 100*own), Evidence: string(p.Evidence), Source: p.Source,
		Plant: true}, low: 0, high: 1, ranged: true,
		under: func(x float64) ([]model.Setting, *float64) {
			set := []model.Setting{p.Varied(x)}
			for _, o := range others {
				set = append(set, o.Varied(o.Values[0]*(1-x)/rest))
			}
			return set, nil
		}}), nil
}

// factorLever multiplies every value of a list.
func factorLever(p *model.Parameter) *lever {
	return &lever{Quantity: Quantity{Key: p.Key, Value: "1", Evidence: string(p.Evidence),
		Source: p.Source, Plant: true}, low: 0.25, high: 4, ranged: true, ratio: true,
		kind: model.KindNumber, column: same,
		under: func(x float64) ([]model.Setting, *float64) {
			return []model.Setting{p.Scaled(x)}, nil
		}}
}

func same(x float64) float64 { return x }

// quantityLever moves a quantity by its law, a list by a common offset.
func quantityLever(p *model.Parameter) *lever {
	l := &lever{Quantity: newQuantity(p), parameter: p, ranged: p.HasRange || p.Law != nil,
		kind: p.VariedKind(), column: p.VariedKind().InColumn}
	if p.HasRange {
		l.low, l.high = p.Range[0], p.Range[1]
	}
	if p.Law != nil {
		l.low, l.high = p.Law.Ends()
		l.ratio = slices.Contains([]model.LawKind{model.LogUniform, model.Lognormal}, p.Law.Kind) &&
			l.low > 0
	}
	return l
}

// check returns an error for a value that the lever may not have in a scenario.
func (l *lever) check(s *model.Scenario, x float64) error {
	switch {
	case l.Unit == "%" && l.parameter == nil && !(x >= 0 && x <= 1):
		return fmt.Errorf("%s is out of range: expected 0 %% to 100 %%", l.text(x))
	case l.under == nil && l.parameter == nil:
		return nil
	}
	var set []model.Setting
	if l.under == nil {
		set = append(set, l.parameter.Varied(x))
	} else {
		set, _ = l.under(x)
	}
	_, err := s.With("values of "+l.Key, set)
	if problems, ok := errors.AsType[model.Problems](err); ok {
		return errors.New(problems[0].Message)
	}
	return err
}

// text writes a value for people.
func (l *lever) text(x float64) string {
	if l.parameter != nil {
		return l.parameter.VariedText(x)
	}
	return strings.TrimSpace(fmt.Sprintf("%.4g %s", l.column(x), l.Unit))
}
