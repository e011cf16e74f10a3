package model

import (
	"maps"
	"slices"
	"strings"

	"budget/model/document"
)

// Setting gives a key of a scenario another value: a quantity or a word, as a file
// has it.
type Setting struct {
	Key   string // path, such as "policy.levels" or "environment.shade.ambient_mean"
	At    document.Position
	Value *document.Element
}

// With returns the scenario under further settings, which the file of that name holds.
// The scenario itself stays as it is. The error is a Problems value.
func (s *Scenario) With(file string, settings []Setting) (*Scenario, error) {
	if len(settings) == 0 {
		return s, nil
	}
	root := &document.Element{Kind: document.Table}
	for _, setting := range settings {
		setting.under(root)
	}
	return s.Over(file, root)
}

// Over returns the scenario under a document that overrides it, a file's or a part of
// it. The scenario itself stays as it is. The error is a Problems value.
func (s *Scenario) Over(file string, root *document.Element) (*Scenario, error) {
	c := s.clone()
	if err := c.overlay(decoder{file: file}, root); err != nil {
		return nil, err
	}
	return c, nil
}

// under puts the setting where a file would have it below a root.
func (s Setting) under(root *document.Element) {
	table, path := root, ""
	keys := strings.Split(s.Key, ".")
	last := len(keys) - 1
	for i := 0; i < last; i++ {
		path = document.Join(path, keys[i])
		if slices.Contains(lists, path) && i+1 < last {
			table = table.Item(keys[i], keys[i+1], s.At)
			path = document.Join(path, keys[i+1])
			i++
			continue
		}
		table = table.Child(keys[i], s.At)
	}
	table.Entries = append(table.Entries, document.Entry{Key: keys[last], At: s.At, Value: s.Value})
}

// lists are the paths of arrays of tables, whose items are found by id.
var lists = []string{"device", "environment", "session", "thermal.fit"}

// clone returns a copy that shares nothing that a decoder changes.
func (s *Scenario) clone() *Scenario {
	c := *s
	c.Devices, c.Environments, c.Sessions = copies(s.Devices), copies(s.Environments), copies(s.Sessions)
	c.Thermal.Fits = copies(s.Thermal.Fits)
	c.Thermal.Builds, c.Workload.ByID = copiesByName(s.Thermal.Builds), copiesByName(s.Workload.ByID)
	c.parameters = slices.Clone(s.parameters)
	return &c
}

func copies[T any](list []*T) []*T {
	all := make([]T, len(list))
	out := make([]*T, len(list))
	for i, item := range list {
		all[i] = *item
		out[i] = &all[i]
	}
	return out
}

func copiesByName[T any](byName map[string]*T) map[string]*T {
	out := maps.Clone(byName)
	for name, item := range byName {
		c := *item
		out[name] = &c
	}
	return out
}
