package sessioncaps

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// identifiers makes the names of an enumeration's cases from ids: "self-care" is selfCare.
func identifiers[T any](of []T, id func(T) string) []string {
	var names []string
	for _, x := range of {
		name := identifier(id(x))
		if slices.Contains(members, name) {
			name += "_"
		}
		unique := name
		for number := 2; slices.Contains(names, unique); number++ {
			unique = fmt.Sprintf("%s_%d", name, number)
		}
		names = append(names, unique)
	}
	for i, name := range names {
		if slices.Contains(reserved, name) {
			names[i] = "`" + name + "`"
		}
	}
	return names
}

func identifier(id string) string {
	var b strings.Builder
	upper := false
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_':
			if b.Len() == 0 && r >= '0' && r <= '9' {
				b.WriteByte('_')
			}
			if upper && b.Len() > 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
			upper = false
		default:
			upper = true
		}
	}
	if b.Len() == 0 {
		return "other"
	}
	return b.String()
}

// reserved are words that name a case only in back quotes, members what no case may be
// named, since every such enumeration has it or the language means something else by it.
var (
	reserved = strings.Fields("associatedtype class deinit enum extension fileprivate func import " +
		"inout internal let open operator private precedencegroup protocol public rethrows static " +
		"struct subscript typealias var break case catch continue default defer do else fallthrough " +
		"for guard if in repeat return throw switch where while Any as await false is nil super throws " +
		"true try")
	members = strings.Fields("allCases rawValue hashValue hash self Self Type Protocol init")
)
