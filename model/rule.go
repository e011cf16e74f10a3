package model

import (
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// RoleOf returns the role of the field with a key, such as "policy.refuse_lpm", or Touching for
// an unknown key.
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

// IsRule reports whether the field with a key is a rule or a fact. Scenarios that differ only in
// such fields share a plant.
func IsRule(key string) bool {
	role := RoleOf(key)
	return role == Rule || role == Fact
}

// TouchesPauses reports whether a rule says when users leave. Where leaving pauses a session, it
// affects the watch.
func TouchesPauses(key string) bool {
	return key == "population.frailty_shape" || key == "policy.prompt_resign" ||
		strings.HasPrefix(key, "session.") && strings.HasSuffix(key, ".resign")
}

// fieldOf returns the field of a struct with a key, or else the field for all other keys.
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

// SharePlant reports whether the watch behaves the same in sessions of a type, or in timers of
// them, under two scenarios. This holds if the scenarios differ only in rules, in facts, and in
// other session types and, unless it is about timers or absences, workloads. Rules are hazards,
// refusals, the limit and how pressure shortens it, and the frailty. Low Power Mode's power and the
// level of its prompt are not rules, because they affect the watch; nor are the thresholds of the
// conditions that hazards depend on.
func SharePlant(a, b *Scenario, session string, timers bool) bool {
	x, y := a.Session(session), b.Session(session)
	if x == nil || y == nil || !touchAlike(reflect.ValueOf(x), reflect.ValueOf(y)) {
		return false
	}
	return touchAlike(besides(a, x, timers), besides(b, y, timers))
}

// besides returns the parts of a scenario that touch the watch in sessions of a type, or in timers
// of them, besides the type itself.
func besides(s *Scenario, session *Session, timers bool) reflect.Value {
	c := *s
	c.Name, c.Sessions = "", nil
	if !timers {
		c.Workload.ByID = map[string]*Workload{"": s.Workload.ByID[session.Workload]}
	}
	return reflect.ValueOf(c)
}

// PlantDigest identifies how the watch behaves in sessions of a type, or in timers of them:
// scenarios have the same digest if they share a plant (SharePlant), and else another.
func PlantDigest(s *Scenario, session string, timers bool) [sha256.Size]byte {
	h := sha256.New()
	of := s.Session(session)
	writeTouching(h, reflect.ValueOf(of))
	writeTouching(h, besides(s, of, timers))
	return [sha256.Size]byte(h.Sum(nil))
}

// writeTouching writes what touchAlike compares, so that different values never give the same
// bytes.
func writeTouching(w io.Writer, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, i := range touching(v.Type()) {
			writeTouching(w, v.Field(i))
		}
	case reflect.Pointer:
		fmt.Fprintf(w, "%v ", v.IsNil())
		if !v.IsNil() {
			writeTouching(w, v.Elem())
		}
	case reflect.Slice, reflect.Array:
		fmt.Fprintf(w, "%d ", v.Len())
		for i := range v.Len() {
			writeTouching(w, v.Index(i))
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int {
			return strings.Compare(a.String(), b.String())
		})
		fmt.Fprintf(w, "%d ", len(keys))
		for _, key := range keys {
			fmt.Fprintf(w, "%q ", key.String())
			writeTouching(w, v.MapIndex(key))
		}
	case reflect.Float64:
		fmt.Fprintf(w, "%x ", math.Float64bits(v.Float()))
	case reflect.String:
		fmt.Fprintf(w, "%q ", v.String())
	default:
		fmt.Fprintf(w, "%v ", v)
	}
}

// touchAlike reports whether two values of a type are equal in all keyed fields except rules and
// facts.
func touchAlike(a, b reflect.Value) bool {
	switch a.Kind() {
	case reflect.Struct:
		for _, i := range touching(a.Type()) {
			if !touchAlike(a.Field(i), b.Field(i)) {
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

// touching returns the indices of the keyed fields of a structure that are neither rules nor facts.
func touching(t reflect.Type) []int {
	if known, ok := touchingOf.Load(t); ok {
		return known.([]int)
	}
	var fields []int
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		if role := Role(tag.Get("role")); tag.Get("key") != "" && role != Rule && role != Fact {
			fields = append(fields, i)
		}
	}
	touchingOf.Store(t, fields)
	return fields
}

// touchingOf holds what touching has found, by type: a sweep asks for each of its cells.
var touchingOf sync.Map
