package solver_test

// sit is a phase in a session, rest one without, for some minutes.
func sit(minutes float64) oraclePhase { return oraclePhase{Length: 60 * minutes} }

func rest(minutes float64) oraclePhase { return oraclePhase{Length: 60 * minutes, Rest: true} }

// timers are the rules of timers (section 9).
var timers = []agreement{
	{name: "four cycles with rests", session: "mindfulness", halved: true,
		timer: []oraclePhase{sit(10), rest(2), sit(10), rest(2), sit(10), rest(2), sit(10), rest(3)}},
	{name: "people who do not come back, and orphans", session: "mindfulness", halved: true, toml: `
		[timer]
		return = 0.6
		orphan = 0.2`, timer: []oraclePhase{sit(5), rest(1), sit(5), rest(1), sit(5)}},
	{name: "the watch turns off in a rest", session: "workout", halved: true, startLevel: 0.05,
		environment: "shade", toml: `
		[[environment]]
		id = "shade"
		ambient_mean = "-10 degC"
		[workload.worn]
		power = ["300 mW", "300 mW", "300 mW", "300 mW"]`,
		timer: []oraclePhase{sit(3), rest(5), sit(3), rest(5), sit(3)}},
	{name: "Low Power Mode comes on and later starts are refused", session: "mindfulness", halved: true,
		startLevel: 0.115, toml: `
		[population]
		lpm_accept = 0.8
		[policy]
		refuse_lpm = 0.5`, timer: []oraclePhase{sit(5), rest(5), sit(5), rest(5), sit(5)}},
	{name: "hot watches are refused later", session: "mindfulness", halved: true, environment: "sun", toml: `
		[policy]
		levels = ["30 degC", "32 degC", "34 degC"]
		refuse_critical = 0.7`, timer: []oraclePhase{sit(5), rest(10), sit(5), rest(10), sit(5)}},
	{name: "kept rests share the grant", session: "self-care", halved: true, toml: `
		[policy]
		pressure_low = 1`, timer: []oraclePhase{sit(4), {Length: 60, Rest: true, Keep: true}, sit(4),
		rest(1), sit(9), sit(2)}},
	{name: "the prompt in sessions and rests", session: "mindfulness", halved: true, startLevel: 0.12, toml: `
		[policy]
		prompt_resign = 0.5`, timer: []oraclePhase{sit(6), rest(6), sit(6), rest(6), sit(6)}},
	{name: "cues and their window begin anew", session: "physical-therapy", halved: true, toml: `
		[policy]
		cpu_limit = 0.1
		[workload.therapy]
		cpu = [0.015, 0.07, 0.15, 0.3]
		cue_every = "50 s"
		cue_for = "15 s"`, timer: []oraclePhase{sit(1.5), rest(1), sit(3), rest(0.5), sit(2)}},
	{name: "a busy phase after a quiet one", session: "mindfulness", halved: true, toml: `
		[policy]
		cpu_limit = 0.04`,
		timer: []oraclePhase{sit(5), {Length: 300, Workload: "workout"}, sit(5), rest(1), sit(1)}},
	{name: "pressure and a fresh grant", session: "self-care", halved: true, startLevel: 0.1, toml: `
		[policy]
		pressure_low = 0.5`, timer: []oraclePhase{sit(6), rest(1), sit(7), rest(1), sit(6)}},
	{name: "walks between sits", session: "mindfulness", halved: true, startLevel: 0.15,
		timer: []oraclePhase{sit(10), {Length: 300, Rest: true, Workload: "workout"}, sit(10),
			{Length: 300, Keep: true, Rest: true, Workload: "workout-lte"}, sit(5)}},
	{name: "out into the sun and back", session: "mindfulness", halved: true, environment: "indoor", toml: `
		[[environment]]
		id = "sun"
		ambient_mean = "36 degC"
		[policy]
		levels = ["32 degC", "35 degC", "38 degC"]`,
		timer: []oraclePhase{sit(5), {Length: 300, Rest: true, Environment: "sun"}, sit(15),
			{Length: 600, Environment: "shade"}}},
	{name: "resigning is a failure", session: "mindfulness", halved: true, withResigned: true, toml: `
		[[session]]
		id = "mindfulness"
		resign = "3 /h"`, timer: []oraclePhase{sit(5), rest(1), sit(5), rest(1), sit(5)}},
	{name: "no margin, a step of rest", session: "mindfulness", halved: true, startLevel: 0.11, toml: `
		[grid]
		margin = "0 s"
		[policy]
		prompt_resign = 0.4`,
		timer: []oraclePhase{sit(3), {Length: 5, Rest: true}, sit(3), {Length: 5, Rest: true}, sit(3)}},
	{name: "very low at the end", session: "workout", halved: true, startLevel: 0.04,
		timer: []oraclePhase{sit(2), rest(2), sit(2), rest(2), sit(2)}},
}
