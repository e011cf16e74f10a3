package parquet

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"
)

// text writes a value as text.
func (c *leaf) text(value []byte) string {
	switch c.physical {
	case boolean:
		return strconv.FormatBool(value[0] == 1)
	case int32s:
		bits := binary.LittleEndian.Uint32(value)
		if c.logical.above {
			return c.whole(int64(bits))
		}
		return c.whole(int64(int32(bits)))
	case int64s:
		return c.whole(int64(binary.LittleEndian.Uint64(value)))
	case int96s: // ns of the day, and days since the start of the Julian calendar
		const unix, day = 2440588, 86400_000_000_000
		return stampText((int64(binary.LittleEndian.Uint32(value[8:]))-unix)*day+
			int64(binary.LittleEndian.Uint64(value)), 1e9, true)
	case floats:
		return realText(float64(math.Float32frombits(binary.LittleEndian.Uint32(value))), 32)
	case doubles:
		return realText(math.Float64frombits(binary.LittleEndian.Uint64(value)), 64)
	}
	if c.logical.kind == logicalDecimal {
		return decimalText(signed(value), c.logical.scale)
	}
	return string(value)
}

func realText(x float64, bits int) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'f', -1, bits)
}

// whole writes a whole number, which may stand for a time.
func (c *leaf) whole(n int64) string {
	switch l := c.logical; l.kind {
	case logicalDecimal:
		return decimalText(big.NewInt(n), l.scale)
	case logicalDate:
		return dateText(n)
	case logicalStamp:
		return stampText(n, l.parts, l.utc)
	case logicalTime:
		return realText(float64(n)/float64(l.parts), 64) + " s"
	case logicalInteger:
		if l.above {
			return strconv.FormatUint(uint64(n), 10)
		}
	}
	return strconv.FormatInt(n, 10)
}

// stampText writes a time since the start of 1970, in parts of a second.
func stampText(n, parts int64, utc bool) string {
	day := 86400 * parts
	days := n / day
	if n%day < 0 {
		days--
	}
	n -= days * day
	seconds := n / parts
	text := fmt.Sprintf("%sT%02d:%02d:%02d", dateText(days), seconds/3600, seconds/60%60, seconds%60)
	if rest := n % parts; rest > 0 {
		text += strconv.FormatFloat(float64(rest)/float64(parts), 'f', -1, 64)[1:]
	}
	if utc {
		text += "Z"
	}
	return text
}

// dateText writes a number of days since the start of 1970 as a date of the Gregorian calendar,
// with years that begin in March and eras of 400 years.
func dateText(days int64) string {
	const era = 146097 // days
	days += 719468
	eras := days / era
	if days%era < 0 {
		eras--
	}
	of := days - eras*era
	year := (of - of/1460 + of/36524 - of/146096) / 365
	of -= 365*year + year/4 - year/100
	month := (5*of + 2) / 153
	day := of - (153*month+2)/5 + 1
	year += 400 * eras
	if month += 3; month > 12 {
		year, month = year+1, month-12
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// signed returns the number that bytes are in two's complement, the highest first.
func signed(bytes []byte) *big.Int {
	n := new(big.Int).SetBytes(bytes)
	if len(bytes) > 0 && bytes[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
	}
	return n
}

// decimalText writes a number of units of 10^-scale.
func decimalText(n *big.Int, scale int) string {
	text := new(big.Int).Abs(n).String()
	for len(text) <= scale {
		text = "0" + text
	}
	if scale > 0 {
		i := len(text) - scale
		text = text[:i] + "." + text[i:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
