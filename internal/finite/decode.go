package finite

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
)

// Unmarshal reads JSON into what v points to, as encoding/json does, but numbers that are null or
// left out are NaN and not 0. Those with omitempty or omitzero that are left out are 0.
func Unmarshal(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return err
	}
	var document any
	if err := json.Unmarshal(data, &document); err != nil {
		return err
	}
	missing(reflect.ValueOf(v), document)
	return nil
}

// missing sets the numbers of a value to NaN that its document does not have.
func missing(v reflect.Value, document any) {
	if v.CanAddr() && v.Addr().Type().Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && document != nil {
			missing(v.Elem(), document)
		}
	case reflect.Float64:
		if _, ok := document.(float64); !ok {
			v.SetFloat(math.NaN())
		}
	case reflect.Struct:
		members, _ := document.(map[string]any)
		for _, f := range fieldsOf(v.Type()) {
			member, ok := members[f.name]
			if !ok { // names are read in any case
				for name, other := range members {
					if strings.EqualFold(name, f.name) {
						member, ok = other, true
					}
				}
			}
			if !ok && (f.omitEmpty || f.omitZero) {
				continue
			}
			if x, err := v.FieldByIndexErr(f.index); err == nil {
				missing(x, member)
			}
		}
	case reflect.Slice, reflect.Array:
		items, _ := document.([]any)
		for i := range v.Len() {
			var item any
			if i < len(items) {
				item = items[i]
			}
			missing(v.Index(i), item)
		}
	case reflect.Map:
		members, _ := document.(map[string]any)
		if v.Type().Key().Kind() != reflect.String {
			return
		}
		for _, key := range v.MapKeys() {
			x := reflect.New(v.Type().Elem()).Elem()
			x.Set(v.MapIndex(key))
			missing(x, members[key.String()])
			v.SetMapIndex(key, x)
		}
	}
}
