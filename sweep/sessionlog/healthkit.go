package sessionlog

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"

	"budget/model/document"
)

// isExport reports whether a file is HealthKit's export.xml, or lines of it.
func isExport(text string) bool {
	return strings.HasPrefix(strings.TrimSpace(text[:min(len(text), 1<<16)]), "<")
}

// exportHeader are the columns of the rows that export.xml has.
var exportHeader = []string{columnSession.String(), columnKey.String(), columnEnded.String(),
	columnDevice.String()}

// exportSupply supplies the mindful sessions and the workouts of HealthKit's export.xml. Other
// records are passed over.
type exportSupply struct {
	file string
	in   *xml.Decoder
	line int
}

func newExport(file string, in io.Reader) *exportSupply {
	return &exportSupply{file: file, in: xml.NewDecoder(in)}
}

// exportBatch is the number of sessions in a batch.
const exportBatch = 500

func (x *exportSupply) next() (b batch, ok bool, err error) {
	for len(b.records) < exportBatch {
		token, err := x.in.Token()
		line, column := x.in.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return b, false, document.Problems{{File: x.file, Line: line, Column: column,
				Message: "the export of HealthKit cannot be read: " + err.Error()}}
		}
		if element, ok := token.(xml.StartElement); ok {
			if r, ok := exported(element); ok {
				r.line, x.line = line, line
				b.records = append(b.records, r)
			}
		}
	}
	return b, len(b.records) > 0, nil
}

func (x *exportSupply) lines() int { return x.line }

// exported returns the row of a session, if the element is one.
func exported(element xml.StartElement) (r record, ok bool) {
	attribute := func(name string) string {
		for _, a := range element.Attr {
			if a.Name.Local == name {
				return a.Value
			}
		}
		return ""
	}
	kind := "HKWorkoutTypeIdentifier"
	if element.Name.Local == "Record" {
		if kind = attribute("type"); kind != "HKCategoryTypeIdentifierMindfulSession" {
			return r, false
		}
	} else if element.Name.Local != "Workout" {
		return r, false
	}
	device := deviceOf(attribute("device"))
	r = record{fields: []string{kind, attribute("startDate"), attribute("endDate"), device},
		columns: []int{1, 1, 1, 1}}
	if device != "" && !strings.HasPrefix(device, "Watch") {
		r.elsewhere = device
	}
	return r, true
}

var hardware = regexp.MustCompile(`hardware:(.+?)(?:, \w+:|>|$)`)

// deviceOf returns the model in an HKDevice's description, which starts with an address that
// differs between exports.
func deviceOf(description string) string {
	if found := hardware.FindStringSubmatch(description); found != nil {
		return strings.TrimSpace(found[1])
	}
	return ""
}
