package page

import (
	"io"

	"budget/internal/escape"
	"budget/plots/report"
)

//go:generate go run github.com/valyala/quicktemplate/qtc -skipLineComments

// Write writes a report as a page of HTML. The same report gives the same bytes.
func Write(w io.Writer, r *report.Report) error {
	_, err := io.WriteString(w, escape.Document(document(r)))
	return err
}
