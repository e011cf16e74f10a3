package finite

import (
	"bytes"
	"encoding"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"slices"

	"budget/internal/escape"
)

// Write writes a value as indented JSON with a line's end.
func Write(w io.Writer, v any) error {
	text, err := Marshal(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return err
	}
	b.WriteByte('\n')
	_, err = b.WriteTo(w)
	return err
}

// Marshal returns a value as JSON on one line. Characters of HTML are not escaped; those that
// cannot be seen are.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := write(&b, reflect.ValueOf(v))
	return escape.JSON(b.Bytes()), err
}

var (
	marshaler = reflect.TypeFor[json.Marshaler]()
	texter    = reflect.TypeFor[encoding.TextMarshaler]()
)

// write writes a value whose structs, lists and maps may hold numbers that are not finite.
func write(b *bytes.Buffer, v reflect.Value) error {
	if !v.IsValid() {
		b.WriteString("null")
		return nil
	}
	if v.CanAddr() && v.Kind() != reflect.Pointer && marshals(v.Addr().Type()) {
		v = v.Addr()
	}
	if marshals(v.Type()) {
		return scalar(b, v)
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return write(b, v.Elem()) // not valid if nil
	case reflect.Float32, reflect.Float64:
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			b.WriteString("null")
			return nil
		}
	case reflect.Struct:
		return object(b, v)
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String && !marshals(v.Type().Key()) && !v.IsNil() {
			return entries(b, v)
		}
	case reflect.Slice:
		if v.IsNil() || v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		return list(b, v)
	case reflect.Array:
		return list(b, v)
	}
	return scalar(b, v)
}

func marshals(t reflect.Type) bool { return t.Implements(marshaler) || t.Implements(texter) }

// scalar writes a value that encoding/json can write.
func scalar(b *bytes.Buffer, v reflect.Value) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v.Interface()); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // the line's end
	return nil
}

func list(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('[')
	for i := range v.Len() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := write(b, v.Index(i)); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

// entries writes a map in the order of its keys.
func entries(b *bytes.Buffer, v reflect.Value) error {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(x, y reflect.Value) int {
		return bytes.Compare([]byte(x.String()), []byte(y.String()))
	})
	b.WriteByte('{')
	for i, key := range keys {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := scalar(b, reflect.ValueOf(key.String())); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := write(b, v.MapIndex(key)); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func object(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('{')
	first := true
	for _, f := range fieldsOf(v.Type()) {
		x, err := v.FieldByIndexErr(f.index)
		if err != nil { // in an embedded struct that is nil
			continue
		}
		if f.omitEmpty && empty(x) || f.omitZero && x.IsZero() {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		b.WriteString(f.key)
		if err := write(b, x); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// empty reports whether omitempty leaves a value out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}
