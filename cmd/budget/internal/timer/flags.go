package timer

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/sweep"
)

// timerFlags are the flags of budget timer.
type timerFlags struct {
	*inputs.Options
	tolerance float64 // that the answer is for
	keep      bool
	restart   bool // start a new session when the granted time is used up
	// resign is what becomes of the timer when the user leaves; none for the scenario's.
	resign       []string
	lengths      []model.Duration // of the map
	menu         string           // timers with semicolons between them
	inProportion bool
}

// addCaps adds the flags about which timers hold.
func (f *timerFlags) addCaps(fs *pflag.FlagSet) {
	cli.AddList(fs, &f.lengths, "map", inputs.ParseOffered,
		"also show the failure for these `lengths` of the longest phases in a session, such as "+
			"10,20,30, and each number of cycles")
	fs.StringVar(&f.menu, "offer", "", "`timers` to choose from, with semicolons between them, such as "+
		"\"2 x 20 min; 4 x (15 min, rest 5 min)\"; PHASES may be left out")
	fs.BoolVar(&f.inProportion, "in-proportion", false,
		"lengthen all phases in proportion, not only the longest in a session")
}

// describe adds to a provenance what the flags ask for, so that it says how to repeat the run.
func (f *timerFlags) describe(p *sweep.Provenance) {
	p.Restart, p.Keep, p.InProportion, p.Menu = f.restart, f.keep, f.inProportion, f.menu
	for _, length := range f.lengths {
		p.Map = append(p.Map, float64(length))
	}
	if len(f.resign) > 1 {
		p.Resign = f.resign
	}
}

// sequence reads a timer as the flags run it.
func (f *timerFlags) sequence(s *model.Scenario, text string) (model.Sequence, error) {
	q, err := s.ParseSequence(text)
	if err != nil {
		return q, cli.Usagef("%v", err)
	}
	if f.keep || s.Timer.Keep {
		q = q.Kept()
	}
	return q, nil
}

// offered reads the timers to choose from: the one given and those of the menu.
func (f *timerFlags) offered(s *model.Scenario, given string) (menu []model.Sequence, err error) {
	if f.menu == "" {
		return nil, nil
	}
	if given != "" {
		q, err := f.sequence(s, given)
		if err != nil {
			return nil, err
		}
		menu = append(menu, q)
	}
	asked := len(menu)
	for text := range strings.SplitSeq(f.menu, ";") {
		text = strings.TrimSpace(text)
		if text == "" {
			return nil, cli.Usagef("--offer: %q has an empty entry: expected timers with semicolons "+
				"between them", f.menu)
		}
		q, err := f.sequence(s, text)
		if err != nil {
			return nil, cli.Usagef("--offer: %v", err)
		}
		same := func(o model.Sequence) bool { return o.String() == q.String() }
		switch {
		case slices.ContainsFunc(menu[asked:], same):
			return nil, cli.Usagef("--offer: %q is given twice", text)
		case !slices.ContainsFunc(menu, same):
			menu = append(menu, q)
		}
	}
	return menu, nil
}

// checkMap returns an error unless the timer can have phases of the lengths of the map.
func (f *timerFlags) checkMap(s *model.Scenario, of model.Sequence) error {
	slices.Sort(f.lengths)
	for i, length := range f.lengths {
		longer := of.Lengthened(length, s.Grid.Step, f.inProportion)
		if err := s.CheckPhases(longer.Phases()); err != nil {
			return cli.Usagef("--map %v: %v", length, err)
		}
		if i > 0 && cmp.Compare(length, f.lengths[i-1]) == 0 {
			return cli.Usagef("--map: %v is given twice", length)
		}
	}
	if len(f.lengths) > 0 && len(of.Phases()) > 0 && of.Longest() == 0 {
		return cli.Usagef("--map: the timer has no phase to lengthen")
	}
	return nil
}
