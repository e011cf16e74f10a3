package document

import "budget/internal/escape"

// freeText is the key whose text may hold anything: it is only shown, and names nothing.
const freeText = "source"

// unseen lists the keys and texts below an element that have control characters, ends of lines or
// characters that cannot be seen. They become ids and names, in tables, charts and paths.
func unseen(file, path string, e *Element) (problems Problems) {
	complain := func(at Position, key, what, message string) {
		if message != "" {
			problems = append(problems, Problem{File: file, Line: at.Line, Column: at.Column, Key: key,
				Message: what + message})
		}
	}
	if e.Kind == String {
		complain(e.At, path, "", escape.InName(e.Text))
	}
	for _, entry := range e.Entries {
		key := Join(path, entry.Key)
		complain(entry.At, key, "the key ", escape.InName(entry.Key))
		if entry.Key != freeText || entry.Value.Kind != String {
			problems = append(problems, unseen(file, key, entry.Value)...)
		}
	}
	for _, item := range e.Items {
		problems = append(problems, unseen(file, path, item)...)
	}
	return problems
}
