package field

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
var exportHeader = []string{columnSession, columnKey, columnEnded, columnDevice}

// exportRows reads the mindful sessions and the workouts of HealthKit's export.xml. Other records
// are passed over.
func exportRows(file, text string) ([]record, error) {
	in := xml.NewDecoder(strings.NewReader(text))
	var rows []record
	for {
		token, err := in.Token()
		line, column := in.InputPos()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, document.Problems{{File: file, Line: line, Column: column,
				Message: "the export of HealthKit cannot be read: " + err.Error()}}
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		of := map[string]string{}
		for _, a := range element.Attr {
			of[a.Name.Local] = a.Value
		}
		kind := of["type"]
		switch {
		case element.Name.Local == "Workout":
			kind = "HKWorkoutTypeIdentifier"
		case element.Name.Local == "Record" && kind == "HKCategoryTypeIdentifierMindfulSession":
		default:
			continue
		}
		rows = append(rows, record{line, []string{kind, of["startDate"], of["endDate"],
			deviceOf(of["device"])}, []int{1, 1, 1, 1}})
	}
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
