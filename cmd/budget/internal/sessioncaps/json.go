package sessioncaps

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"budget/internal/finite"
	"budget/sweep/starts"
)

// WriteJSON writes caps as JSON, each row of a table on a line of its own.
func WriteJSON(w io.Writer, s *starts.Result) error {
	d := newDocument(s)
	var b bytes.Buffer
	if err := finite.Write(&b, d.Head); err != nil {
		return err
	}
	b.Truncate(len(strings.TrimSuffix(b.String(), "\n}\n")))
	b.WriteString(",\n  \"sessions\": [")
	for i, s := range d.Sessions {
		between(&b, i, "\n    ")
		fmt.Fprintf(&b, `{"id": %s, "name": %s, "limit_s": %d, `, compact(s.ID), compact(s.Name), s.Limit)
		if s.Cycles != nil {
			fmt.Fprintf(&b, `"cycle_ends_s": %s, `, compact(s.Cycles))
		}
		b.WriteString(`"tables": [`)
		for j, t := range s.Tables {
			between(&b, j, "\n      ")
			fmt.Fprintf(&b, `{"tolerance": %s, "fixed_s": %d, "rows": [`, compact(t.Tolerance), t.Fixed)
			for k, r := range t.Rows {
				between(&b, k, "\n        ")
				b.WriteString(compact(r))
			}
			b.WriteString("\n      ]}")
		}
		b.WriteString("\n    ]}")
	}
	b.WriteString("\n  ]\n}\n")
	_, err := b.WriteTo(w)
	return err
}

func between(b *bytes.Buffer, i int, space string) {
	if i > 0 {
		b.WriteByte(',')
	}
	b.WriteString(space)
}

// compact writes a value of strings and numbers on one line.
func compact(v any) string {
	text, err := finite.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}
