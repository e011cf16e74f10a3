package sessioncaps

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"budget/sweep/starts"
)

// WriteSwift writes caps as Swift source: an enumeration SessionCaps with a function that
// looks a cap up. Whatever it does not know, it answers with nil.
func WriteSwift(w io.Writer, s *starts.Result) error {
	d := newDocument(s)
	tolerances := d.Sessions[0].Tables // every session has the same
	sessionNames := identifiers(len(d.Sessions), func(i int) string { return d.Sessions[i].ID })
	watchNames := identifiers(len(d.Watches), func(i int) string { return d.Watches[i].ID })
	toleranceNames := identifiers(len(tolerances), func(i int) string { return "percent" + per100(tolerances[i].Tolerance, "_") })

	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	doc := func(indent, text string) {
		for _, line := range fill(text, 92-len(indent)) {
			p("%s/// %s", indent, line)
		}
	}
	a := &d.About
	p("// SessionCaps.swift, made by budget export (version %s). Do not edit: export again.", oneLine(a.Version))
	p("")
	p("import Foundation")
	p("")
	doc("", "How long a session may be, by what an app can observe when it starts.")
	p("///")
	doc("", a.Meaning)
	p("///")
	doc("", "Where caps come from: the sessions with a displayed battery level in the same range, the same thermal state, "+
		"Low Power Mode alike and a watch of the same class. A start whose own simulated paths are too few takes the cap of a lower battery level, "+
		"as less battery never allows more; and no start is allowed more than one with as much battery or more that is as cool or cooler. "+
		"The JSON form tells of each cap which of these it rests on.")
	p("///")
	p("/// - Tolerance: %s of the sessions of each kind of start may fail.", list(len(tolerances), func(i int) string { return per100(tolerances[i].Tolerance, ".") + " %" }))
	p("/// - Confidence: %s %% that all %d caps hold together.", per100(a.Confidence, "."), a.Family)
	p("/// - Seed: %d. Paths: up to %d of each kind of start, out of %d sessions drawn.", a.Seed, a.Quota, a.Drawn)
	p("/// - Scenario: %s, digest %s.", oneLine(a.Scenario), a.ScenarioDigest)
	p("/// - Reading of the granted time: %s. When the app loses the front: %s.", a.Reading, a.OnResign)
	p("/// - Assumptions: %d quantities of the model are assumed or anecdotal.", a.Assumed)
	p("///")
	doc("", a.Caveat)
	p("public enum SessionCaps {")
	p("    /// A type of session.")
	p("    public enum SessionType: String, CaseIterable, Sendable {")
	for i, s := range d.Sessions {
		limit := "no documented limit"
		if s.Limit > 0 {
			limit = fmt.Sprintf("documented limit %d s", s.Limit)
		}
		doc("        ", oneLine(s.Name)+": "+limit+".")
		p("        case %s = %s", sessionNames[i], quoted(s.ID))
	}
	p("    }")
	p("")
	doc("    ", "Watches that heat up alike. An app that does not know which one it runs on has no cap.")
	p("    public enum WatchClass: String, CaseIterable, Sendable {")
	for i, c := range d.Watches {
		devices := list(len(c.Devices), func(i int) string { return oneLine(c.Devices[i].Name) })
		if devices == "" {
			devices = "No watch of the scenario's fleet"
		}
		doc("        ", devices+".")
		p("        case %s = %s", watchNames[i], quoted(c.ID))
	}
	p("    }")
	p("")
	p("    /// The share of sessions that may fail.")
	p("    public enum Tolerance: String, CaseIterable, Sendable {")
	for i, t := range tolerances {
		p("        /// %s %%.", per100(t.Tolerance, "."))
		p("        case %s = %s", toleranceNames[i], quoted(strconv.FormatFloat(t.Tolerance, 'g', -1, 64)))
	}
	p("    }")
	p("")
	p("    /// Returns how long a session may be that starts now, or nil where there is no cap: then")
	p("    /// promise no length.")
	p("    ///")
	p("    /// - Parameters:")
	p("    ///   - session: The type of session.")
	p("    ///   - level: The battery level that the system reports, from 0 to 1. Anything else, such")
	p("    ///     as −1 where battery monitoring is off, has no cap.")
	p("    ///   - thermalState: `ProcessInfo.processInfo.thermalState`.")
	p("    ///   - lowPowerMode: `ProcessInfo.processInfo.isLowPowerModeEnabled`.")
	p("    ///   - watch: The class of the watch.")
	p("    ///   - tolerance: The share of sessions that may fail.")
	p("    /// - Returns: The longest plan, in seconds.")
	p("    public static func cap(")
	p("        for session: SessionType,")
	p("        level: Double,")
	p("        thermalState: ProcessInfo.ThermalState,")
	p("        lowPowerMode: Bool,")
	p("        watch: WatchClass,")
	p("        tolerance: Tolerance = .%s", toleranceNames[0])
	p("    ) -> TimeInterval? {")
	p("        guard level >= 0, level <= 1 else { return nil }")
	p("        let percent = Int((100 * level).rounded())")
	p("        guard let bin = lowestLevels.lastIndex(where: { $0 <= percent }) else { return nil }")
	p("        let state: Int")
	p("        switch thermalState {")
	for i, state := range d.ThermalStates {
		p("        case .%s: state = %d", state, i)
	}
	p("        @unknown default: return nil")
	p("        }")
	p("        let mode = 2 * place(of: watch) + (lowPowerMode ? 1 : 0)")
	p("        let index = (%d * mode + state) * lowestLevels.count + bin", len(d.ThermalStates))
	p("        let caps = seconds(for: session, tolerance: tolerance)")
	p("        guard caps.indices.contains(index), caps[index] > 0 else { return nil }")
	p("        return TimeInterval(caps[index])")
	p("    }")
	p("")
	p("    /// The lowest level of each range, in whole per cent.")
	p("    private static let lowestLevels = [%s]", list(len(d.Levels), func(i int) string { return strconv.Itoa(d.Levels[i].From) }))
	p("")
	p("    private static func place(of watch: WatchClass) -> Int {")
	p("        switch watch {")
	for i := range d.Watches {
		p("        case .%s: return %d", watchNames[i], i)
	}
	p("        }")
	p("    }")
	p("")
	p("    private static func seconds(for session: SessionType, tolerance: Tolerance) -> [Int] {")
	p("        switch (session, tolerance) {")
	for i := range d.Sessions {
		for j := range tolerances {
			p("        case (.%s, .%s): return caps%dOf%d", sessionNames[i], toleranceNames[j], j+1, i+1)
		}
	}
	p("        }")
	p("    }")
	for i, s := range d.Sessions {
		for j, t := range s.Tables {
			p("")
			p("    // %s at %s %%, by watch, Low Power Mode, thermal state and level. 0 is no cap.", oneLine(s.Name), per100(t.Tolerance, "."))
			p("    private static let caps%dOf%d: [Int] = [", j+1, i+1)
			for _, r := range t.Rows {
				mode := "off"
				if r.LowPower {
					mode = "on"
				}
				p("        %s, // %s, %s, %s", list(len(r.Cap), func(i int) string { return strconv.Itoa(r.Cap[i]) }), oneLine(r.Watch), mode, r.Thermal)
			}
			p("    ]")
		}
	}
	p("}")
	_, err := b.WriteTo(w)
	return err
}

func list(n int, item func(int) string) string {
	items := make([]string, n)
	for i := range items {
		items[i] = item(i)
	}
	return strings.Join(items, ", ")
}

// per100 writes a share in per cent, with a decimal point of one's own.
func per100(share float64, point string) string {
	return strings.ReplaceAll(strconv.FormatFloat(100*share, 'g', 6, 64), ".", point)
}

// oneLine makes text fit for a comment.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' }), " ")
}

// fill breaks text into lines of at most so many bytes, where words allow it.
func fill(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

// quoted writes a string literal.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, "\\u{%X}", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// identifiers makes the names of an enumeration's cases from ids: "self-care" is selfCare.
func identifiers(n int, id func(int) string) []string {
	var names []string
	for i := range n {
		name := identifier(id(i))
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
	reserved = strings.Fields("associatedtype class deinit enum extension fileprivate func import inout internal let open operator private " +
		"precedencegroup protocol public rethrows static struct subscript typealias var break case catch continue default defer do else " +
		"fallthrough for guard if in repeat return throw switch where while Any as await false is nil super throws true try")
	members = strings.Fields("allCases rawValue hashValue hash self Self Type Protocol init")
)
