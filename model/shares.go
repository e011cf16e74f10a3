package model

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"budget/model/document"
)

// sharesKey is the key for the meaning of a file's shares. It stands before the first table.
const sharesKey = "shares"

// mixes lists the lists whose entries have shares, with the share's key.
var mixes = []struct{ list, key string }{{"device", "weight"}, {"environment", "share"},
	{"thermal.fit", "share"}}

// isShare reports whether a key is a share's.
func isShare(key string) bool {
	for _, mix := range mixes {
		rest, ok := strings.CutPrefix(key, mix.list+".")
		if ok && strings.HasSuffix(rest, "."+mix.key) {
			return true
		}
	}
	return false
}

// readSharing reads the meaning of a file's shares.
func (d *decoder) readSharing(root *document.Element) {
	d.sharing = exactShares
	if e := root.Lookup(sharesKey); e != nil && !d.catalog {
		word, ok := d.word(sharesKey, e, []string{string(exactShares), string(relativeShares),
			string(givenShares)})
		if d.sharesAt = e.At; ok {
			d.sharing = sharing(word)
		}
	}
}

// shareLimits returns the limits of a quantity, and what to do about a value outside. Relative
// shares may be larger than 1.
func (d *decoder) shareLimits(key, limits string) (of, remedy string) {
	switch {
	case !isShare(key):
		return limits, ""
	case d.sharing == exactShares:
		return limits, fmt.Sprintf(" (for weights of any size write %s = %q before the first table)",
			sharesKey, relativeShares)
	}
	return "[0, 1000000]", ""
}

// divideShares divides the shares of a mix by their sum, for each mix of which the file sets a
// share.
func (d *decoder) divideShares() {
	if d.sharing == exactShares {
		return
	}
	for _, mix := range mixes {
		var shares []*Parameter
		sum, some := 0.0, false
		for _, p := range d.scenario.parameters {
			if !isShare(p.Key) || !strings.HasPrefix(p.Key, mix.list+".") {
				continue
			}
			at, given := d.places[p.Key]
			some = some || given
			c := *p
			if given && (p.ownRange || p.Law != nil) {
				d.complain(at, p.Key, "is a relative share: expected a value without range and distribution")
			}
			if !given {
				c.Place = d.place(d.sharesAt)
				if d.sharing == givenShares {
					c.Values = []float64{0}
				}
			}
			sum += c.Values[0]
			shares = append(shares, &c)
		}
		switch {
		case !some:
			continue
		case sum == 0:
			d.complain(d.sharesAt, sharesKey, "every %s of %s is 0: expected one that is more", mix.key,
				mix.list)
			continue
		}
		for _, p := range shares {
			d.divideShare(p, sum)
		}
	}
}

// divideShare sets a share to its value divided by the sum.
func (d *decoder) divideShare(p *Parameter, sum float64) {
	before := d.scenario.find(p.Key)
	value := p.Values[0] / sum
	if value == before.Values[0] {
		return
	}
	if !p.Overridden {
		p.catalog, p.Default = before, before.Values
		p.Evidence, p.Source = Assumed, p.Place
	}
	p.Values, p.Unit, p.Overridden = []float64{value}, "1", true
	p.Law, p.HasRange, p.ownRange = nil, false, false
	path, id, _ := strings.Cut(strings.TrimPrefix(p.Key, "thermal."), ".")
	if path == "fit" {
		path = "thermal.fit"
	}
	id = id[:strings.LastIndexByte(id, '.')]
	switch item := d.scenario.entry(path, id).Interface().(type) {
	case *Device:
		item.Weight = Number(value)
	case *Environment:
		item.Share = Number(value)
	case *Fit:
		item.Share = Number(value)
	}
	d.scenario.parameters[slices.Index(d.scenario.parameters, before)] = p
}

// idsOf returns the ids of a list, in its order, or of a map, sorted.
func idsOf(v reflect.Value) []string {
	var ids []string
	if v.Kind() == reflect.Map {
		for _, key := range v.MapKeys() {
			ids = append(ids, key.String())
		}
		slices.Sort(ids)
		return ids
	}
	for i := range v.Len() {
		ids = append(ids, *v.Index(i).Interface().(identified).identity())
	}
	return ids
}

// itemOf returns the pointer with an id in a list or map, or the zero value.
func itemOf(v reflect.Value, id string) reflect.Value {
	if v.Kind() == reflect.Map {
		return v.MapIndex(reflect.ValueOf(id))
	}
	if i := slices.Index(idsOf(v), id); i >= 0 {
		return v.Index(i)
	}
	return reflect.Value{}
}

// entry returns the pointer to an entry of an addable list or map.
func (s *Scenario) entry(path, id string) reflect.Value {
	of := map[string]any{"device": s.Devices, "environment": s.Environments, "session": s.Sessions,
		"workload": s.Workload.ByID, "thermal.build": s.Thermal.Builds, "thermal.fit": s.Thermal.Fits,
		"timer.phase": s.Timer.Named}
	return itemOf(reflect.ValueOf(of[path]), id)
}

// within returns the parameters of the entry with a path.
func (s *Scenario) within(path, id string) []*Parameter {
	var of []*Parameter
	for _, p := range s.parameters {
		if strings.HasPrefix(p.Key, document.Join(path, id)+".") {
			of = append(of, p)
		}
	}
	return of
}
