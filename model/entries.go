package model

import (
	"reflect"
	"slices"
	"strings"

	"budget/model/document"
)

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
		"workload": s.Workload.ByID, "thermal.build": s.Thermal.Builds, "thermal.fit": s.Thermal.Fits}
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
