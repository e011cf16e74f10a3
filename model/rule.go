package model

import (
	"reflect"
	"strings"
)

// RoleOf returns the role of the field with a key, such as "policy.refuse_lpm"; Touching
// where there is none.
func RoleOf(key string) Role {
	role, t := Touching, reflect.TypeFor[Scenario]()
	for word := range strings.SplitSeq(key, ".") {
		switch t.Kind() {
		case reflect.Slice, reflect.Map: // the word is an id
			t = t.Elem()
		case reflect.Struct:
			field, ok := fieldOf(t, word)
			if !ok {
				return Touching
			}
			role, t = Role(field.Tag.Get("role")), field.Type
			if field.Tag.Get("key") == "*" {
				t = t.Elem()
			}
		default:
			return Touching
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	return role
}

// IsRule reports whether the field with a key is a rule or a fact: whether scenarios that
// differ in it share a plant.
func IsRule(key string) bool {
	role := RoleOf(key)
	return role == Rule || role == Fact
}

// fieldOf returns the field of a struct that has a key, or else the one that takes the keys
// no field has.
func fieldOf(t reflect.Type, key string) (rest reflect.StructField, ok bool) {
	for i := range t.NumField() {
		switch f := t.Field(i); f.Tag.Get("key") {
		case key:
			return f, true
		case "*":
			rest, ok = f, true
		}
	}
	return rest, ok
}

// SharePlant reports whether what happens to the watch in sessions of a type is the same in
// two scenarios: whether all that they differ in are rules and facts, and what other
// session types and workloads are like. Rules are hazards, refusals, the limit and how
// pressure uses it up, and the frailty. What the watch feels, such as Low Power Mode's
// power, or the level at which it is offered, is no rule, and neither are the thresholds
// that conditions are found by.
func SharePlant(a, b *Scenario, session string) bool {
	x, y := a.Session(session), b.Session(session)
	if x == nil || y == nil || !touchAlike(reflect.ValueOf(x), reflect.ValueOf(y)) {
		return false
	}
	rest := func(s *Scenario) reflect.Value {
		c := *s
		c.Name, c.Sessions = "", nil
		c.Workload.ByID = map[string]*Workload{"": s.Workload.ByID[x.Workload]}
		return reflect.ValueOf(c)
	}
	return touchAlike(rest(a), rest(b))
}

// touchAlike reports whether two values of a type have the same keyed fields, but for rules
// and facts.
func touchAlike(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			tag := a.Type().Field(i).Tag
			switch role := Role(tag.Get("role")); {
			case tag.Get("key") == "", role == Rule, role == Fact:
			case !touchAlike(a.Field(i), b.Field(i)):
				return false
			}
		}
		return true
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return touchAlike(a.Elem(), b.Elem())
	case reflect.Slice, reflect.Array:
		if a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !touchAlike(a.Index(i), b.Index(i)) {
				return false
			}
		}
		return true
	case reflect.Map:
		for _, key := range a.MapKeys() {
			other := b.MapIndex(key)
			if !other.IsValid() || !touchAlike(a.MapIndex(key), other) {
				return false
			}
		}
		return a.Len() == b.Len()
	}
	return a.Equal(b)
}
