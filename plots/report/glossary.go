package report

import (
	"slices"

	"budget/model"
)

// Ending explains a cause.
type Ending struct {
	Name, Reason, Meaning, Seen string
	Failure                     bool // counts as a failure of the plan by default
}

// Glossary lists the causes in the order of every table.
func (r *Report) Glossary() []Ending {
	var endings []Ending
	for _, cause := range append(slices.Clone(model.Ends), model.Completed) {
		e := endingTexts[cause]
		e.Name, e.Reason, e.Failure = cause.String(), cause.Reason(), slices.Contains(model.Failures, cause)
		endings = append(endings, e)
	}
	return endings
}

var endingTexts = map[model.Cause]Ending{
	model.Refused: {
		Meaning: "The system does not let the session start: in Low Power Mode, at thermal level critical, or because the watch is too hot to run.",
		Seen:    "The session is invalidated right after start(), without having started.",
	},
	model.Resigned: {
		Meaning: "The app loses the front: the Digital Crown, a tap on a notification, another app. Sessions that run in the background survive it.",
		Seen:    "The session is invalidated; the app can keep its state and offer to go on when it is opened again.",
	},
	model.SuppressedThermal: {
		Meaning: "The system ends the session because the watch is hot. Apple documents no threshold.",
		Seen:    "The session is invalidated. ProcessInfo.thermalState was serious or critical.",
	},
	model.SuppressedBattery: {
		Meaning: "The system ends the session because the battery is low, more often in Low Power Mode.",
		Seen:    "The session is invalidated. The battery level was low, or isLowPowerModeEnabled set.",
	},
	model.SuppressedOther: {
		Meaning: "The system ends the session for a reason that is not modelled.",
		Seen:    "The session is invalidated, with nothing to tell why.",
	},
	model.Errored: {
		Meaning: "The app takes more processor time than its share within a window, or any other error ends the session.",
		Seen:    "The session is invalidated with an error: exceededResourceLimits for processor time.",
	},
	model.Expired: {
		Meaning: "The granted time is used up: the documented limit, or earlier in the cautious reading.",
		Seen:    "extendedRuntimeSessionWillExpire(_:) shortly before, then the session is invalidated.",
	},
	model.PowerOff: {
		Meaning: "The watch turns itself off: the cell cannot deliver the load, most often when cold, old and nearly empty; or it is too hot.",
		Seen:    "Nothing. At its next launch the app finds a session that it never ended.",
	},
	model.Stopped: {
		Meaning: "The user ends the session early. It is no failure.",
		Seen:    "The app itself calls invalidate().",
	},
	model.Completed: {
		Meaning: "None of these up to the end of the plan.",
		Seen:    "The app itself calls invalidate().",
	},
}
