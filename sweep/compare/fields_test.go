package compare

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"budget/model"
	"budget/sweep/store"
)

// TestEveryFieldIsSeen changes every keyed field of a scenario in turn, numbers and words.
// The digest must change unless the field is a fact; the written file, the overrides of
// budget check and provenance, and a comparison must have it; and cells that differ in it
// must not share a plant unless it is a rule.
func TestEveryFieldIsSeen(t *testing.T) {
	base := model.Default()
	before := store.ProvenanceOf(planOf(t, "", 1, 1<<10), []store.Writer{{}})
	seen := 0
	walk("", reflect.ValueOf(base).Elem(), "", func(key string, field reflect.Value, role model.Role) {
		if role == model.Name {
			return
		}
		seen++
		file := changedFile(base, key, field)
		s, err := model.Parse("scenario.toml", []byte(file))
		if err != nil {
			t.Errorf("%s: %v\n%s", key, err, file)
			return
		}
		if same := s.Digest() == base.Digest(); same != (role == model.Fact) {
			t.Errorf("%s: the digest is the same: %v", key, same)
		}
		at := slices.IndexFunc(s.Overrides(), func(p *model.Parameter) bool { return p.Key == key })
		if at < 0 {
			t.Errorf("%s is not among the overrides", key)
		} else if p := s.Overrides()[at]; p.Text() == p.DefaultText() ||
			!strings.HasPrefix(p.Place, "scenario.toml:") {
			t.Errorf("%s: an override of %q by %q at %s", key, p.DefaultText(), p.Text(), p.Place)
		}
		var written strings.Builder
		if err := s.Write(&written); err != nil {
			t.Fatal(err)
		}
		again, err := model.Parse("scenario.toml", []byte(written.String()))
		if err != nil || again.Digest() != s.Digest() || len(again.Overrides()) != len(s.Overrides()) {
			t.Errorf("%s: written and read again, it is another scenario: %v\n%s", key, err, &written)
		}
		after := store.ProvenanceOf(planOf(t, file, 1, 1<<10), []store.Writer{{}})
		found := changes(before, after)
		named := func(line string) bool { return strings.HasPrefix(line, key+": ") }
		if !slices.ContainsFunc(found, named) {
			t.Errorf("%s: a comparison names %q", key, found)
		}
		shared := model.SharePlant(base, s, sessionOf(base, key), false)
		if shared != (model.IsRule(key) || spare(base, key)) || model.RoleOf(key) != role {
			t.Errorf("%s: shares the plant: %v; its role: %q, by its key %q", key, shared, role,
				model.RoleOf(key))
		}
		of := func(s *model.Scenario) any { return model.PlantDigest(s, sessionOf(base, key), false) }
		if same := of(base) == of(s); same != shared {
			t.Errorf("%s: shares the plant: %v, but its digest is the same: %v", key, shared, same)
		}
	})
	if seen < 200 {
		t.Errorf("%d fields were changed", seen)
	}
}

// walk visits the keyed fields of a value, including those of every item of lists
// and maps.
func walk(path string, v reflect.Value, role model.Role,
	visit func(string, reflect.Value, model.Role)) {
	join := func(key string) string { return strings.TrimPrefix(path+"."+key, ".") }
	switch {
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			tag := v.Type().Field(i).Tag
			switch key := tag.Get("key"); key {
			case "":
			case "*":
				walk(path, v.Field(i), "", visit)
			default:
				walk(join(key), v.Field(i), model.Role(tag.Get("role")), visit)
			}
		}
	case v.Kind() == reflect.Map:
		for _, key := range v.MapKeys() {
			walk(join(key.String()), v.MapIndex(key).Elem(), "", visit)
		}
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Pointer:
		for i := range v.Len() {
			item := v.Index(i).Elem()
			walk(join(item.FieldByName("ID").String()), item, "", visit)
		}
	default:
		visit(path, v, role)
	}
}

// spare reports whether a key belongs to a workload that no session type uses.
func spare(s *model.Scenario, key string) bool {
	parts := strings.Split(key, ".")
	return parts[0] == "workload" && s.Workload.ByID[parts[1]] != nil &&
		!slices.ContainsFunc(s.Sessions, func(x *model.Session) bool { return x.Workload == parts[1] })
}

// sessionOf returns a session type that depends on a key.
func sessionOf(s *model.Scenario, key string) string {
	parts := strings.Split(key, ".")
	for _, x := range s.Sessions {
		if parts[0] == "session" && x.ID == parts[1] || parts[0] == "workload" && x.Workload == parts[1] {
			return x.ID
		}
	}
	return "mindfulness"
}

// changedFile returns a scenario file that changes a field, and the fields that must change
// with it.
func changedFile(s *model.Scenario, key string, field reflect.Value) string {
	dot := strings.LastIndexByte(key, '.')
	table, name := key[:dot], key[dot+1:]
	entry := func(name, value string) string {
		for _, list := range []string{"device", "environment", "session", "thermal.fit"} {
			if id, ok := strings.CutPrefix(table, list+"."); ok {
				return fmt.Sprintf("[[%s]]\nid = %q\n%s = %s\n", list, id, name, value)
			}
		}
		return fmt.Sprintf("[%s]\n%s = %s\n", table, name, value)
	}
	other := func(names []string) string {
		return names[slices.IndexFunc(names, func(n string) bool { return n != field.String() })]
	}
	switch {
	case field.Kind() == reflect.Bool:
		return entry(name, strconv.FormatBool(!field.Bool()))
	case name == "build":
		return entry(name, strconv.Quote(other(slices.Sorted(maps.Keys(s.Thermal.Builds)))))
	case name == "workload":
		return entry(name, strconv.Quote(other(slices.Sorted(maps.Keys(s.Workload.ByID)))))
	case name == "airflow":
		return entry(name, strconv.Quote(other([]string{"still", "walking"})))
	case name == "from":
		ids := []string{"indoor", "shade", "sun"}
		text := entry(name, strconv.Quote(other(slices.DeleteFunc(ids, func(id string) bool {
			return table == "environment."+id
		}))))
		if field.String() == "" {
			text += "since_max = \"60 min\"\n"
		}
		return text
	case name == "since_max" && field.IsZero():
		return entry(name, "\"60 min\"") + "from = \"sun\"\n"
	case key == "timer.resign":
		return entry(name, strconv.Quote(other([]string{"leave", "end", "pause"})))
	case key == "timer.phases":
		return entry(name, strconv.Quote("2 x (10 min, rest 5 min)"))
	case field.Kind() == reflect.String:
		return entry(name, strconv.Quote(field.String()+", changed"))
	}
	p := s.Parameter(key)
	if p == nil {
		return entry(name, map[string]string{"sun_share": "0.01", "sun_spell": `"10 min"`,
			"irradiance_max": `"600 W/m2"`, "start_level_alpha": "2", "start_level_beta": "2",
			"refuse": "0.01", "refuse_lpm": "0.01", "power_scale": "1.1", "suppress_lpm": `"0.01 /h"`,
			"lpm_power": "0.9", "cue_every": "\"10 min\"",
			"cue_for": "\"20 s\"\ncue_every = \"10 min\""}[name])
	}
	var values []string
	for _, text := range strings.Split(p.Text(), ", ") {
		x, _ := strconv.ParseFloat(text, 64)
		switch {
		case name == "step":
			x /= 2
		case name == "margin" || name == "cpu_window": // multiples of the step
			x *= 2
		case name == "share" || name == "weight": // they sum to 1 up to rounding
			x += 0.0002
		case x == 0 && len(p.Values) == 1:
			x = 0.01
		default:
			x *= 0.99
		}
		value := fmt.Sprint(x)
		if p.Unit != "1" {
			value = strconv.Quote(value + " " + p.Unit)
		}
		values = append(values, value)
	}
	text := entry(name, values[0])
	if len(values) > 1 {
		text = entry(name, "["+strings.Join(values, ", ")+"]")
	}
	if name == "sun_share" {
		text += "sun_spell = \"10 min\"\nirradiance_max = \"600 W/m2\"\n"
	}
	return text
}
