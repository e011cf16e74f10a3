package sessioncaps

import (
	"io"

	"howett.net/plist"

	"budget/sweep/starts"
)

// WritePlist writes caps as a property list in XML, with the keys of the JSON form.
func WritePlist(w io.Writer, s *starts.Result) error {
	e := plist.NewEncoderForFormat(w, plist.XMLFormat)
	e.Indent("\t")
	if err := e.Encode(newDocument(s)); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n") // which the encoder leaves out
	return err
}
