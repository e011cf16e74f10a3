package sessionlog

import (
	"regexp"
	"slices"
	"strings"

	"budget/model"
)

// thermalWords are the thermal states in a log, named as in
// ProcessInfo.ThermalState.
var thermalWords = []string{"nominal", "fair", "serious", "critical"}

// The reasons that watchOS gives an app, WKExtendedRuntimeSessionInvalidationReason.
const (
	reasonNone       = "none"
	reasonInProgress = "sessionInProgress"
	reasonSuppressed = "suppressedBySystem"
)

// rawReasons are the reasons by rawValue, which starts at −1.
var rawReasons = map[string]string{"-1": "error", "0": reasonNone, "1": reasonInProgress,
	"2": "expired", "3": "resignedFrontmost", "4": reasonSuppressed}

// reasonOf returns the reason that an app gets for an end by a cause. There is none
// when the watch turns itself off; then it is the name of the cause.
func reasonOf(c model.Cause) string {
	reason, _, _ := strings.Cut(c.Reason(model.ExtendedRuntime), " (")
	if reason == model.NoCallback {
		return c.String()
	}
	return reason
}

// Suppressed reports whether an app hears of an end by a cause no more than suppressedBySystem.
func Suppressed(c model.Cause) bool { return reasonOf(c) == reasonSuppressed }

// endWords has the words for how a session ended, as plainWord writes them. Reasons that several
// causes have keep their name.
var endWords = func() map[string]any {
	words := map[string]any{}
	for _, c := range model.Ends {
		words[plainWord(reasonOf(c))] = c
	}
	for _, c := range append([]model.Cause{model.Completed}, model.Ends...) {
		words[plainWord(c.String())] = c
	}
	for _, reason := range []string{reasonNone, reasonInProgress, reasonSuppressed} {
		words[plainWord(reason)] = reason
	}
	// Of HKWorkoutSession: the state after end(), and the errors of didFailWithError.
	words["ended"], words["stateended"] = reasonNone, reasonNone
	words["anotherworkoutsessionstarted"] = model.Resigned
	words["userexitedworkoutsession"] = model.Stopped
	words["workoutactivitynotallowed"] = model.Refused
	words["backgroundworkoutsessionnotallowed"] = model.Refused
	// Errors of WKExtendedRuntimeSession, and what apps write at their next launch.
	words["exceededresourcelimits"] = model.Errored
	words["crash"], words["crashed"] = model.Errored, model.Errored
	for word, cause := range ownWords {
		words[word] = cause
	}
	return words
}()

// ownWords are other words of apps that can mean one cause only.
var ownWords = map[string]model.Cause{
	"finished": model.Completed, "done": model.Completed, "complete": model.Completed,
	"success": model.Completed, "succeeded": model.Completed,
	"canceled": model.Stopped, "cancelled": model.Stopped, "aborted": model.Stopped,
	"user": model.Stopped, "userstopped": model.Stopped, "userended": model.Stopped,
	"stoppedbyuser": model.Stopped, "endedbyuser": model.Stopped, "userinitiated": model.Stopped,
	"expiration": model.Expired, "timelimit": model.Expired,
	"shutdown": model.PowerOff, "poweredoff": model.PowerOff, "turnedoff": model.PowerOff,
	"batterydied": model.PowerOff, "batterydead": model.PowerOff, "deadbattery": model.PowerOff,
	"batteryempty": model.PowerOff,
}

// prefixes stand before names in Objective-C and Swift.
var prefixes = []string{"wkextendedruntimesessioninvalidationreason",
	"wkextendedruntimesessionerrorcode", "wkextendedruntimesessionerror", "hkworkoutsessionstate",
	"hkerror", "nsprocessinfothermalstate", "processinfothermalstate", "thermalstate"}

// plainWord writes a word of a log in small letters without what stands before a dot, without
// prefixes of a class, and without anything but letters and digits.
func plainWord(text string) string {
	text = strings.ToLower(text[strings.LastIndexByte(text, '.')+1:])
	text = strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, text)
	for _, prefix := range prefixes {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}

// described is how Swift prints a value of an enumeration that it has no name of.
var described = regexp.MustCompile(`(InvalidationReason|SessionState)\(rawValue: ?(-?\d+)\)$`)

// optional opens a value that Swift has printed as an optional one.
const optional = "Optional("

// unwrapped returns a value that Swift has printed as an optional one.
func unwrapped(text string) string {
	if inner, ok := strings.CutPrefix(text, optional); ok && strings.HasSuffix(inner, ")") {
		return strings.Trim(strings.TrimSuffix(inner, ")"), `"`)
	}
	return text
}

// endNamed returns the cause, or the reason of several causes, that a word stands for.
func endNamed(word string) (end any, known bool) {
	if parts := described.FindStringSubmatch(word); parts != nil {
		switch {
		case parts[1] == "InvalidationReason":
			word = parts[2]
		case parts[2] == "3" || parts[2] == "6": // HKWorkoutSessionState: ended, stopped
			word = "ended"
		}
	}
	if reason, ok := rawReasons[strings.Replace(word, "−", "-", 1)]; ok {
		word = reason
	}
	plain := plainWord(word)
	if end, known = endWords[plain]; !known {
		end, known = endWords[strings.TrimPrefix(plain, "error")]
	}
	return end, known
}

// ends lists the words for how a session ended.
func ends() []string {
	var words []string
	for _, c := range model.Ends {
		words = append(words, c.String())
	}
	return append(words, model.Completed.String(), reasonOf(model.Resigned), reasonSuppressed,
		reasonNone)
}

// workoutActivity opens the names of HealthKit's kinds of workouts.
const workoutActivity = "hkworkoutactivitytype"

// otherTypes are the background modes of HealthKit's samples, and of what apps call sessions.
var otherTypes = map[string]string{
	"hkcategorytypeidentifiermindfulsession": "mindfulness",
	"hkworkouttypeidentifier":                "workout-processing",
	"hkworkoutsession":                       "workout-processing",
	"mindful":                                "mindfulness",
	"mindfulsession":                         "mindfulness",
	"meditation":                             "mindfulness",
}

// typeNamed returns the id of the session type that a word stands for: an id, a name, one of
// WKBackgroundModes, or a type of HealthKit; "" if none.
func typeNamed(s *model.Scenario, word string) string {
	for _, x := range s.Sessions {
		if x.ID == word {
			return x.ID
		}
	}
	plain := plainWord(word)
	if plain == "" {
		return ""
	}
	mode := plainWord(otherTypes[plain])
	if strings.HasPrefix(plain, workoutActivity) {
		mode = plainWord(otherTypes["hkworkoutsession"])
	}
	for _, x := range s.Sessions {
		if plain == plainWord(x.ID) || strings.EqualFold(word, x.Name) {
			return x.ID
		}
	}
	for _, x := range s.Sessions {
		if m := plainWord(x.BackgroundMode); m != "" && (plain == m || mode == m) {
			return x.ID
		}
	}
	return ""
}

// vocabulary remembers what words stand for.
type vocabulary struct {
	scenario *model.Scenario
	types    meanings[string]
	ends     meanings[any]
	thermal  meanings[int]
}

func newVocabulary(s *model.Scenario) vocabulary {
	return vocabulary{scenario: s}
}

// typeNamed returns the session type that a word stands for, "" if none.
func (w *vocabulary) typeNamed(word string) string {
	return w.types.of(word, func() string { return typeNamed(w.scenario, word) })
}

// endNamed returns what endNamed does.
func (w *vocabulary) endNamed(word string) (end any, known bool) {
	end = w.ends.of(word, func() any {
		end, _ := endNamed(word) // nil if it is not known
		return end
	})
	return end, end != nil
}

// thermalNamed returns the thermal state that a word stands for, -1 if none.
func (w *vocabulary) thermalNamed(word string) int {
	return w.thermal.of(word, func() int {
		if len(word) == 1 && word[0] >= '0' && word[0] <= '3' { // rawValue
			return int(word[0] - '0')
		}
		return slices.Index(thermalWords, plainWord(word))
	})
}

// meanings has what words stand for. A column has few different words, and often the same one as in
// the row before.
type meanings[T any] struct {
	known map[string]*meaning[T]
	last  *meaning[T]
}

type meaning[T any] struct {
	word string
	of   T
}

// mostWords bounds the memory of meanings.
const mostWords = 1000

// of returns what a word stands for, which find finds out.
func (m *meanings[T]) of(word string, find func() T) T {
	if m.last != nil && m.last.word == word {
		return m.last.of
	}
	last := m.known[word]
	if last == nil {
		if len(m.known) >= mostWords {
			return find()
		}
		if m.known == nil {
			m.known = map[string]*meaning[T]{}
		}
		last = &meaning[T]{strings.Clone(word), find()}
		m.known[last.word] = last
	}
	m.last = last
	return last.of
}
