package model

import (
	"slices"
)

// Interface is the class by which an app runs a session.
type Interface string

// The interfaces of session types. Only for ExtendedRuntime are the reasons of ends by the
// system documented; for others the closest ones are used.
const (
	ExtendedRuntime Interface = "WKExtendedRuntimeSession"
	WorkoutSession  Interface = "HKWorkoutSession"
	AudioSession    Interface = "AVAudioSession"
	LocationUpdates Interface = "CLLocationManager"
)

// NoCallback is the reason of an end without a callback.
const NoCallback = "no callback"

// told is the reason that an app is given for an end, and what it sees.
type told struct{ reason, seen string }

// ends lists what an app is given and sees for each cause, by interface.
//
// HealthKit calls workoutSession(_:didFailWithError:) and then changes the state
// (developer.apple.com/documentation/healthkit/hkworkoutsessiondelegate). An audio session gets
// interruptionNotification, but since iOS 16 and watchOS 9 none when it is suspended
// (developer.apple.com/documentation/avfaudio/avaudiosession/interruptionreason). A suspended
// app gets no location updates until it runs again
// (developer.apple.com/documentation/corelocation/handling-location-updates-in-the-background).
var ends = map[Interface][InProgress + 1]told{
	ExtendedRuntime: {
		Refused: {"suppressedBySystem (at start)",
			"The session is invalidated right after start(), without having started."},
		Resigned: {"resignedFrontmost", "The session is invalidated; the app can keep its state " +
			"and offer to go on when it is opened again."},
		SuppressedThermal: {"suppressedBySystem",
			"The session is invalidated. ProcessInfo.thermalState was serious or critical."},
		SuppressedBattery: {"suppressedBySystem", "The session is invalidated. The battery level " +
			"was low, or isLowPowerModeEnabled set."},
		SuppressedOther: {"suppressedBySystem",
			"The session is invalidated, without a reason."},
		Errored: {"error", "The session is invalidated with an error: exceededResourceLimits for " +
			"processor time."},
		Expired: {"expired",
			"extendedRuntimeSessionWillExpire(_:) shortly before, then the session is invalidated."},
		PowerOff: {NoCallback,
			"Nothing. At its next launch the app finds a session that it never ended."},
		Stopped:     {"none (the app invalidates)", "The app itself calls invalidate()."},
		NotReturned: {"none", "Nothing: no session is started."},
		InProgress: {"sessionInProgress", "start() invalidates the new session with an error: the old one " +
			"still runs."},
		Completed: {"none", "The app itself calls invalidate()."},
	},
	WorkoutSession: {
		Refused: {"error (at start)",
			"workoutSession(_:didFailWithError:) right after startActivity(with:)."},
		Resigned: {"errorAnotherWorkoutSessionStarted", "didFailWithError, then state ended: " +
			"another app has started a workout."},
		SuppressedThermal: {"state ended", "didFailWithError, then state ended. " +
			"ProcessInfo.thermalState was serious or critical."},
		SuppressedBattery: {"state ended", "didFailWithError, then state ended. The battery level " +
			"was low, or isLowPowerModeEnabled set."},
		SuppressedOther: {"state ended", "didFailWithError, then state ended, without a reason."},
		Errored: {"error", "didFailWithError, then state ended. For processor time the app is " +
			"suspended or terminated; at its next launch it can recover the workout."},
		Expired: {"none", "Nothing: workouts have no limit. The app itself ends the session at " +
			"one that a scenario sets."},
		PowerOff:    {NoCallback, "Nothing. At its next launch the app can recover the workout."},
		Stopped:     {"state ended (the app ends)", "The app itself calls end()."},
		NotReturned: {"none", "Nothing: no session is started."},
		InProgress:  {"error (at start)", "What the old session still runs with is in use."},
		Completed:   {"state ended", "The app itself calls end()."},
	},
	AudioSession: {
		Refused:  {"error (at start)", "The audio session cannot be activated."},
		Resigned: {"interruption", "interruptionNotification, type began, or the route has changed."},
		SuppressedThermal: {"suspended", "Playback stops; the app learns of it when it runs again. " +
			"ProcessInfo.thermalState was serious or critical."},
		SuppressedBattery: {"suspended", "Playback stops; the app learns of it when it runs again. " +
			"The battery level was low, or isLowPowerModeEnabled set."},
		SuppressedOther: {"suspended", "Playback stops; the app learns of it when it runs again."},
		Errored:         {"error", "The player fails. For processor time the app is terminated."},
		Expired: {"none", "Nothing: playback has no limit. The app itself stops at one that a " +
			"scenario sets."},
		PowerOff:    {NoCallback, "Nothing. At its next launch the app finds playback it never ended."},
		Stopped:     {"none (the app stops)", "The app itself stops playback."},
		NotReturned: {"none", "Nothing: no session is started."},
		InProgress:  {"error (at start)", "What the old session still runs with is in use."},
		Completed:   {"none", "The app itself stops playback."},
	},
	LocationUpdates: {
		Refused:  {"error (at start)", "locationManager(_:didFailWithError:), or no update comes."},
		Resigned: {"no updates", "Updates stop coming until the app runs again."},
		SuppressedThermal: {"no updates", "Updates stop coming until the app runs again. " +
			"ProcessInfo.thermalState was serious or critical."},
		SuppressedBattery: {"no updates", "Updates stop coming until the app runs again. The " +
			"battery level was low, or isLowPowerModeEnabled set."},
		SuppressedOther: {"no updates", "Updates stop coming until the app runs again."},
		Errored: {"error", "locationManager(_:didFailWithError:). For processor time the app is " +
			"terminated."},
		Expired: {"none", "Nothing: updates have no limit. The app itself stops them at one that a " +
			"scenario sets."},
		PowerOff:    {NoCallback, "Nothing. At its next launch the app finds updates it never stopped."},
		Stopped:     {"none (the app stops)", "The app itself stops the updates."},
		NotReturned: {"none", "Nothing: no session is started."},
		InProgress:  {"error (at start)", "What the old session still runs with is in use."},
		Completed:   {"none", "The app itself stops the updates."},
	},
}

// Reason returns the reason that an interface gives an app for an end by the cause.
func (c Cause) Reason(i Interface) string { return ends[i][c].reason }

// Seen describes what an app sees when the cause ends a session, by interface.
func (c Cause) Seen(i Interface) string { return ends[i][c].seen }

// Interface returns the interface of a session type, which follows from its background
// mode.
func (s *Session) Interface() Interface { return InterfaceOf(s.BackgroundMode) }

// InterfaceOf returns the interface of session types with a background mode.
func InterfaceOf(backgroundMode string) Interface {
	switch backgroundMode {
	case "workout-processing":
		return WorkoutSession
	case "audio":
		return AudioSession
	case "location":
		return LocationUpdates
	}
	return ExtendedRuntime
}

// Interfaces returns the interfaces that session types use, in the order of the types.
func Interfaces(sessions []*Session) []Interface {
	var used []Interface
	for _, s := range sessions {
		if i := s.Interface(); !slices.Contains(used, i) {
			used = append(used, i)
		}
	}
	return used
}

// LimitDocumented reports whether the limit of a session type is the catalog's, which is
// documented; a limit of 0 means none. Limits set by a scenario are not documented.
func LimitDocumented(session string, limit Duration) bool {
	s := catalogued().Session(session)
	return s != nil && limit == s.Limit
}
