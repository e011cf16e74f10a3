package finite

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// field is a field of a struct, or of one embedded in it, that is written.
type field struct {
	name                string
	key                 string // the name with quotes and colon
	index               []int
	tagged              bool
	omitEmpty, omitZero bool
}

// known are the fields of types, for fieldsOf.
var known sync.Map // [reflect.Type][]field

// fieldsOf lists the fields of a struct that are written, in order.
func fieldsOf(t reflect.Type) []field {
	if found, ok := known.Load(t); ok {
		return found.([]field)
	}
	found := dominant(collect(t, nil, nil))
	known.Store(t, found)
	return found
}

// collect lists the fields of a struct and of the structs embedded in it.
func collect(t reflect.Type, index []int, of []field) []field {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() && !f.Anonymous {
			continue
		}
		at := append(slices.Clone(index), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if f.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			of = collect(inner, at, of)
			continue
		}
		if !f.IsExported() {
			continue
		}
		out := field{name: cmp.Or(name, f.Name), index: at, tagged: name != ""}
		for option := range strings.SplitSeq(options, ",") {
			out.omitEmpty = out.omitEmpty || option == "omitempty"
			out.omitZero = out.omitZero || option == "omitzero"
		}
		out.key = strconv.Quote(out.name) + ":"
		of = append(of, out)
	}
	return of
}

// dominant leaves one field for each name, as encoding/json does: the least deep, then the one
// with a tag; none where two remain.
func dominant(all []field) []field {
	return slices.DeleteFunc(slices.Clone(all), func(f field) bool {
		return slices.ContainsFunc(all, func(o field) bool {
			if o.name != f.name || slices.Equal(o.index, f.index) {
				return false
			}
			if len(o.index) != len(f.index) {
				return len(o.index) < len(f.index)
			}
			return o.tagged || !f.tagged
		})
	})
}
