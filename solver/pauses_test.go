package solver_test

// pauses are the rules of absences that pause a timer (section 9).
var pauses = []agreement{
	{name: "pauses by default", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"`, timer: []oraclePhase{sit(10), rest(2), sit(10)}},
	{name: "a fresh grant after every absence", session: "self-care", halved: true, startLevel: 0.1, toml: `
		[timer]
		resign = "pause"
		away = "2 min"
		[policy]
		pressure_low = 0.3
		[[session]]
		id = "self-care"
		resign = "6 /h"`, timer: []oraclePhase{sit(9), rest(1), sit(11), rest(1), sit(8)}},
	{name: "absences without end", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[population]
		frailty_shape = 0.3
		[[session]]
		id = "mindfulness"
		resign = "30 /h"`, timer: []oraclePhase{sit(2), rest(1), sit(2), sit(1)}},
	{name: "orphans at every start", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"
		orphan = 0.1
		return = 0.8
		[[session]]
		id = "mindfulness"
		resign = "12 /h"`, timer: []oraclePhase{sit(5), rest(1), sit(5), rest(1), sit(5)}},
	{name: "Low Power Mode comes on in an absence", session: "mindfulness", halved: true,
		startLevel: 0.115, toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[population]
		lpm_accept = 0.8
		[policy]
		refuse_lpm = 0.4
		[[session]]
		id = "mindfulness"
		resign = "8 /h"`, timer: []oraclePhase{sit(5), rest(2), sit(5), rest(2), sit(5)}},
	{name: "the prompt takes the front and pauses", session: "mindfulness", halved: true,
		startLevel: 0.12, toml: `
		[timer]
		resign = "pause"
		away = "30 s"
		orphan = 0.2
		[population]
		lpm_accept = 0.5
		[policy]
		refuse_lpm = 0.5
		prompt_resign = 0.7`, timer: []oraclePhase{sit(6), rest(6), sit(6), rest(6), sit(6)}},
	{name: "the prompt at the first poll", session: "mindfulness", halved: true, startLevel: 0.09, toml: `
		[timer]
		resign = "pause"
		away = "5 s"
		orphan = 0.2
		[population]
		lpm_accept = 0.5
		[policy]
		refuse_lpm = 0.5
		prompt_resign = 0.7`, timer: []oraclePhase{sit(1), rest(1), sit(1)}},
	{name: "the watch turns off in an absence", session: "workout", halved: true, startLevel: 0.05,
		environment: "shade", toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[[environment]]
		id = "shade"
		ambient_mean = "-10 degC"
		[workload.worn]
		power = ["400 mW", "300 mW", "300 mW", "300 mW"]
		[[session]]
		id = "workout"
		resign = "10 /h"`, timer: []oraclePhase{sit(3), rest(1), sit(3), rest(1), sit(3)}},
	{name: "hot watches are refused when they come back", session: "mindfulness", halved: true,
		environment: "sun", toml: `
		[timer]
		resign = "pause"
		[policy]
		levels = ["30 degC", "32 degC", "34 degC"]
		refuse_critical = 0.5
		[[session]]
		id = "mindfulness"
		resign = "10 /h"`, timer: []oraclePhase{sit(5), rest(5), sit(5), rest(5), sit(5)}},
	{name: "cues and their window across absences", session: "physical-therapy", halved: true, toml: `
		[timer]
		resign = "pause"
		away = "20 s"
		[policy]
		cpu_limit = 0.1
		[workload.therapy]
		cpu = [0.015, 0.07, 0.15, 0.3]
		cue_every = "50 s"
		cue_for = "20 s"
		[[session]]
		id = "physical-therapy"
		resign = "60 /h"`, timer: []oraclePhase{sit(1.5), rest(1), sit(3), rest(0.5), sit(2)}},
	{name: "absences at the edges of phases", session: "mindfulness", halved: true, startLevel: 0.12,
		environment: "indoor", toml: `
		[timer]
		resign = "pause"
		away = "20 s"
		[grid]
		margin = "0 s"
		[policy]
		levels = ["30 degC", "33 degC", "36 degC"]
		[[session]]
		id = "mindfulness"
		resign = "400 /h"`,
		timer: []oraclePhase{sit(0.25), {Length: 10, Workload: "workout"},
			{Length: 15, Rest: true, Keep: true, Environment: "sun"}, sit(0.25), {Length: 5, Rest: true},
			{Length: 5, Environment: "shade"}, {Length: 5, Rest: true}, sit(0.25)}},
	{name: "a pause in the margin", session: "self-care", halved: true, toml: `
		[timer]
		resign = "pause"
		orphan = 0.3
		[grid]
		margin = "1 min"
		[[session]]
		id = "self-care"
		resign = "20 /h"`, timer: []oraclePhase{sit(1), rest(1), sit(9.5)}},
	{name: "a pause in an 8 hour timer", session: "workout", halved: true, toml: `
		[timer]
		resign = "pause"
		[[session]]
		id = "workout"
		resign = "1 /h"`, timer: []oraclePhase{sit(90), rest(10), sit(60)}},
}
