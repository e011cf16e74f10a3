package model

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"budget/internal/escape"
	"budget/model/document"
)

//go:embed catalog/*.toml
var catalog embed.FS

// catalogFiles lists the catalog's files, one per topic, in the order in which they are read and
// shown.
var catalogFiles = []string{"grid", "devices", "battery", "thermal", "population",
	"environments", "policy", "workloads", "sessions", "timer", "window"}

// Default returns the scenario of the embedded catalog, of which the caller may change all but
// the parameters.
func Default() *Scenario { return catalogued().clone() }

// readCatalog reads the embedded catalog.
func readCatalog() *Scenario {
	s := &Scenario{Name: "Defaults"}
	for _, name := range catalogFiles {
		file := path.Join("catalog", name+".toml")
		data, err := catalog.ReadFile(file)
		if err == nil {
			err = s.lay(decoder{file: file, catalog: true}, data)
		}
		if err != nil {
			panic("model: the embedded catalog is broken: " + err.Error())
		}
	}
	return s
}

// catalogued returns the catalog, which is read once. It must not be changed.
func catalogued() *Scenario {
	whole.once.Do(func() { whole.scenario = readCatalog() })
	return whole.scenario
}

// whole is the catalog, read on the first call of catalogued.
var whole struct {
	once     sync.Once
	scenario *Scenario
}

// Parse reads a scenario file over the defaults. The file name is for messages; without its
// extension it is also the scenario's name if the file gives none. The error is a Problems
// value.
func Parse(file string, data []byte) (*Scenario, error) {
	s := Default()
	s.Name = escape.Line(strings.TrimSuffix(filepath.Base(file), ".toml"))
	if err := s.lay(decoder{file: file}, data); err != nil {
		return nil, err
	}
	return s, nil
}

// SetStep changes the step of the time grid, as if a scenario had set it at the given place. It
// does not check that the grid holds the sessions' horizons; use Grid.Hold for those that are
// needed. On an error the scenario is unchanged.
func (s *Scenario) SetStep(step Duration, place string) error {
	grid, before := s.Grid, s.Parameter("grid.step")
	text := KindDuration.Format(float64(step), "s")
	err := s.lay(decoder{file: place, anyHorizon: true}, fmt.Appendf(nil, "[grid]\nstep = %q\n", text))
	if problems, ok := errors.AsType[Problems](err); ok {
		s.Grid = grid
		s.parameters[slices.Index(s.parameters, s.Parameter("grid.step"))] = before
		for i := range problems { // a flag has no lines
			problems[i].Line, problems[i].Column = 0, 0
		}
		return problems
	}
	parameter := s.Parameter("grid.step")
	parameter.Place, parameter.Source = place, place
	return err
}

// lay parses a document, reads it over the scenario and checks the result.
func (s *Scenario) lay(d decoder, data []byte) error {
	root, err := document.Parse(d.file, data)
	if err != nil {
		return err
	}
	return s.overlay(d, root)
}

// overlay reads a parsed document over the scenario and checks the result.
func (s *Scenario) overlay(d decoder, root *document.Element) error {
	d.scenario, d.places = s, map[string]document.Position{}
	d.defaults = catalogued
	d.readSharing(root)
	d.table("", root, reflect.ValueOf(s).Elem(), provenance{})
	if len(d.problems) == 0 {
		d.divideShares()
	}
	if !d.catalog || d.file == path.Join("catalog", catalogFiles[len(catalogFiles)-1]+".toml") {
		d.validate()
	}
	if len(d.problems) > 0 {
		return d.problems.Listed(cmp.Or(d.most, document.MostListed), d.counted)
	}
	return nil
}

// With returns a copy of the scenario with further settings, or the scenario itself without
// settings. The file name is for messages. The error is a Problems value.
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

// Over returns a copy of the scenario with a document read over it, a whole file or part of one.
// The error is a Problems value.
func (s *Scenario) Over(file string, root *document.Element) (*Scenario, error) {
	c := s.clone()
	if err := c.overlay(decoder{file: file}, root); err != nil {
		return nil, err
	}
	return c, nil
}

// WithWorkload returns a copy of the scenario with another workload for some session types. The
// place is for messages. The error is a Problems value.
func (s *Scenario) WithWorkload(place, workload string, sessions []string) (*Scenario, error) {
	root := &document.Element{Kind: document.Table}
	for _, id := range sessions {
		Setting{Key: "session." + id + ".workload",
			Value: &document.Element{Kind: document.String, Text: workload}}.under(root)
	}
	c := s.clone()
	if err := c.overlay(decoder{file: place, anyHorizon: true}, root); err != nil {
		return nil, err
	}
	return c, nil
}

// WithResign returns a scenario in which leaving the app does what a word of Resigns says. The rest
// is as in WithWorkload.
func (s *Scenario) WithResign(place, resign string) (*Scenario, error) {
	if s.Timer.Resign == resign {
		return s, nil
	}
	root := &document.Element{Kind: document.Table}
	Setting{Key: "timer.resign",
		Value: &document.Element{Kind: document.String, Text: resign}}.under(root)
	c := s.clone()
	if err := c.overlay(decoder{file: place, anyHorizon: true}, root); err != nil {
		return nil, err
	}
	return c, nil
}

// under adds the setting to the tables below root, at the place where a file has it.
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

// clone returns a copy that a decoder can change without changing s.
func (s *Scenario) clone() *Scenario {
	c := *s
	c.Devices, c.Environments, c.Sessions = copies(s.Devices), copies(s.Environments),
		copies(s.Sessions)
	c.Battery.OCVLevels, c.Battery.OCV = slices.Clone(s.Battery.OCVLevels), slices.Clone(s.Battery.OCV)
	c.Thermal.Fits = copies(s.Thermal.Fits)
	c.Thermal.Builds, c.Workload.ByID = copiesByName(s.Thermal.Builds), copiesByName(s.Workload.ByID)
	c.Timer.Named = copiesByName(s.Timer.Named)
	c.parameters, c.added = slices.Clone(s.parameters), slices.Clone(s.added)
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

// Digest identifies everything that answers depend on: it is the SHA-256 of all keys with their
// values or words. It does not cover facts and provenance.
func (s *Scenario) Digest() string {
	h := sha256.New()
	var line []byte
	order := lastOrder.Load()
	if order == nil || !slices.EqualFunc(order.keys, s.parameters, sameKey) {
		order = s.newDigestOrder()
		lastOrder.Store(order)
	}
	for _, i := range order.quantities {
		p := s.parameters[i]
		line = append(append(line[:0], p.Key...), "=["...)
		for i, v := range p.Values {
			if i > 0 {
				line = append(line, ' ')
			}
			line = strconv.AppendUint(line, math.Float64bits(v), 16)
		}
		h.Write(append(line, "]\n"...))
	}
	for _, i := range order.words {
		if p := s.parameters[i]; p.role != Fact {
			fmt.Fprintf(h, "%s=%s\n", p.Key, p.Word)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// digestOrder is the order in which a digest has the parameters of scenarios that have the same
// keys in the same order, such as the cells of a plan: sorting takes most of the time of a digest.
type digestOrder struct {
	keys              []orderedKey
	quantities, words []int // indices of parameters
}

type orderedKey struct {
	key  string
	word bool
}

func sameKey(k orderedKey, p *Parameter) bool { return k.key == p.Key && k.word == p.IsWord() }

// lastOrder is the order of the last digest.
var lastOrder atomic.Pointer[digestOrder]

func (s *Scenario) newDigestOrder() *digestOrder {
	o := &digestOrder{}
	for i, p := range s.parameters {
		o.keys = append(o.keys, orderedKey{p.Key, p.IsWord()})
		if p.IsWord() {
			o.words = append(o.words, i)
		} else {
			o.quantities = append(o.quantities, i)
		}
	}
	// Sort by key: keys that the catalog lacks are in the order of the file that sets them.
	slices.SortFunc(o.quantities,
		func(i, j int) int { return cmp.Compare(o.keys[i].key, o.keys[j].key) })
	// Sort words by the last part of the key, stably.
	last := func(i int) string { return o.keys[i].key[strings.LastIndexByte(o.keys[i].key, '.'):] }
	slices.SortStableFunc(o.words, func(i, j int) int { return cmp.Compare(last(i), last(j)) })
	return o
}

// CatalogDigest identifies the embedded catalog: the SHA-256 of its files.
func CatalogDigest() string {
	h := sha256.New()
	for _, name := range append(slices.Clone(catalogFiles), "sources") {
		data, err := catalog.ReadFile(path.Join("catalog", name+".toml"))
		if err != nil {
			panic("model: the embedded catalog is broken: " + err.Error())
		}
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// The sources without the tests, whose names end in t, as do those of the files that are named.
//
//go:embed *[^t].go effect.go
var sourceFiles embed.FS

// Sources returns the source code of the package, and of those that it imports, by path: results
// depend on it.
func Sources() map[string]fs.FS {
	all := document.Sources()
	all["model"], all["model/catalog"] = sourceFiles, catalog
	return all
}
