package stamp

// parsePlain reads what nearly all logs have, such as 2026-03-01T07:00:03+01:00, without patterns:
// a date and a time to the minute or second, with a space or T between them, and no zone, Z, or an
// offset. ok is false for everything else, which may be a time stamp in another form.
func parsePlain(text string) (seconds float64, hasZone, ok bool) {
	if len(text) < len("2026-03-01T07:00") || text[4] != '-' || text[7] != '-' ||
		text[10] != 'T' && text[10] != ' ' || text[13] != ':' {
		return 0, false, false
	}
	year, ok1 := pair(text[0:])
	part, ok2 := pair(text[2:])
	year = 100*year + part
	month, ok3 := pair(text[5:])
	day, ok4 := pair(text[8:])
	hour, ok5 := pair(text[11:])
	minute, ok6 := pair(text[14:])
	second, ok7 := 0, true
	rest := text[16:]
	if len(rest) >= 3 && rest[0] == ':' {
		second, ok7 = pair(rest[1:])
		rest = rest[3:]
	}
	// The patterns take a year of two digits for one of this century, also after zeros.
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) || year < 100 || month < 1 || month > 12 ||
		day < 1 || day > 31 || hour > 23 || minute > 59 {
		return 0, false, false
	}
	at := 86400*daysSince1970(year, month, day) + 3600*hour + 60*minute + second
	switch {
	case rest == "":
		return float64(at), false, true
	case rest == "Z":
		return float64(at), true, true
	case len(rest) == len("+01:00") && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':':
		hours, ok1 := pair(rest[1:])
		minutes, ok2 := pair(rest[4:])
		offset := 3600*hours + 60*minutes
		if rest[0] == '+' {
			offset = -offset
		}
		return float64(at + offset), true, ok1 && ok2
	}
	return 0, false, false
}

// pair reads the two digits at the start of a text.
func pair(text string) (n int, ok bool) {
	a, b := text[0]-'0', text[1]-'0'
	return 10*int(a) + int(b), a <= 9 && b <= 9
}

// daysSince1970 returns the days from 1970-01-01 to a date of the Gregorian calendar, with years
// that begin in March.
func daysSince1970(year, month, day int) int {
	if month < 3 {
		year, month = year-1, month+12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + day - 719469
}
