package sessioncaps

import (
	"io"

	"budget/sweep/starts"
)

//go:generate go run github.com/valyala/quicktemplate/qtc -skipLineComments

// WriteSwift writes caps as Swift source: an enumeration SessionCaps with a function that
// looks a cap up. Whatever it does not know, it answers with nil.
func WriteSwift(w io.Writer, s *starts.Result) error {
	_, err := io.WriteString(w, source(newSwift(newDocument(s))))
	return err
}
