package finite

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"budget/internal/escape"
)

type inner struct {
	Value float64 `json:"value"`
	Name  string
	Paths []int `json:"paths"`
}

type words string

type record struct {
	inner
	Paths    int64 `json:"paths"` // in place of that of inner
	List     []float64
	Rows     [][]any            `json:"rows,omitempty"`
	ByName   map[string]float64 `json:"by_name"`
	Pointer  *float64           `json:"pointer,omitempty"`
	Document *inner             `json:"document"`
	Text     words              `json:"text"`
	Hidden   int                `json:"-"`
	At       time.Time          `json:"at,omitzero"`
	Raw      []byte
	Pair     [2]float32
	small    int
}

// TestAsTheStandardLibrary: values with finite numbers are written as encoding/json writes them,
// with hidden characters escaped.
func TestAsTheStandardLibrary(t *testing.T) {
	t.Parallel()
	number := rapid.Float64Range(-math.MaxFloat64, math.MaxFloat64)
	rapid.Check(t, func(t *rapid.T) {
		in := inner{number.Draw(t, "value"), rapid.String().Draw(t, "name"), nil}
		v := record{inner: in, Paths: rapid.Int64().Draw(t, "paths"),
			List: rapid.SliceOf(number).Draw(t, "list"), Text: words(rapid.String().Draw(t, "text")),
			ByName: rapid.MapOf(rapid.String(), number).Draw(t, "map"), small: 1,
			Raw: rapid.SliceOf(rapid.Byte()).Draw(t, "raw")}
		if rapid.Bool().Draw(t, "more") {
			x := number.Draw(t, "pointer")
			v.Pointer, v.Document, v.Rows, v.At = &x, &in, [][]any{{1, "<&>", nil, true, x}}, time.Unix(1, 0)
		}
		var want, got bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(&v); err != nil {
			t.Fatal(err)
		}
		if err := Write(&got, &v); err != nil {
			t.Fatal(err)
		}
		if text := escape.JSON(want.Bytes()); got.String() != string(text) {
			t.Fatalf("got\n%s\nwant\n%s", &got, text)
		}
	})
}

// TestMissingNumbersAreNull: NaN and infinities are null wherever they stand.
func TestMissingNumbersAreNull(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(-1)
	got, err := Marshal(map[string]any{"a": nan, "b": []float64{1, inf}, "c": &nan,
		"d": struct{ X, Y float64 }{nan, 2}, "e": [][]any{{nan}}, "f": map[string]float64{"x": inf},
		"g": [1]float32{float32(nan)}})
	const want = `{"a":null,"b":[1,null],"c":null,"d":{"X":null,"Y":2},"e":[[null]],"f":{"x":null},` +
		`"g":[null]}`
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

// TestMissingNumbersAreNaN: what is written as null is read as NaN, also where a name is left out.
func TestMissingNumbersAreNaN(t *testing.T) {
	t.Parallel()
	type part struct{ X, Y float64 }
	var v struct {
		part
		A, B  float64
		List  []float64
		Parts map[string]part
		Left  *float64
		None  float64 `json:",omitempty"`
	}
	text := `{"a": 1, "B": null, "X": 2, "List": [1, null], "Parts": {"p": {"X": 3}}, "Left": null}`
	if err := Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	for _, x := range []float64{v.B, v.Y, v.List[1], v.Parts["p"].Y} {
		if !math.IsNaN(x) {
			t.Errorf("a missing number is %v", x)
		}
	}
	if v.A != 1 || v.X != 2 || v.List[0] != 1 || v.Parts["p"].X != 3 || v.Left != nil || v.None != 0 {
		t.Errorf("got %+v", v)
	}
}
