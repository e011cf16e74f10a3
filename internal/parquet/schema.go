package parquet

// leaf is a column that is read, its place in the table and its chunk's place in a row group.
type leaf struct {
	place, chunk int
	physical     int64
	size         int // of its values [bytes], 0 if they differ
	optional     bool
	logical      logical
}

// sizeOf returns the size of the values of a type, 0 if they differ.
func sizeOf(physical int64, length int64) int {
	switch physical {
	case boolean:
		return 1
	case int32s, floats:
		return 4
	case int64s, doubles:
		return 8
	case int96s:
		return 12
	case fixedArrays:
		return int(length)
	}
	return 0
}

// logical is what values stand for.
type logical struct {
	kind  int   // a field of the union of logical types, 0 for none
	parts int64 // of a second, of times and stamps
	utc   bool  // of stamps: they are instants
	scale int   // of decimals: they are numbers of 10^-scale
	above bool  // of whole numbers: they have no sign
}

// logicalOf returns what the values of a column stand for.
func logicalOf(e fields) logical {
	scale := int(max(0, min(e.number(elementScale), 1000)))
	for kind, of := range e.inner(elementLogical) {
		of, _ := of.(fields)
		l := logical{kind: kind, parts: 1e3}
		switch kind {
		case logicalDecimal:
			l.scale = int(max(0, min(of.number(1), 1000)))
		case logicalTime, logicalStamp:
			l.utc, _ = of[1].(bool)
			for unit := range of.inner(2) {
				l.parts = [...]int64{1: 1e3, 2: 1e6, 3: 1e9}[min(max(unit, 1), 3)]
			}
		case logicalInteger:
			signed, given := of[2].(bool)
			l.above = given && !signed
		}
		return l
	}
	// Old files have the same as a number.
	if !e.has(elementConverted) {
		return logical{}
	}
	switch of := e.number(elementConverted); {
	case of == convertedDecimal:
		return logical{kind: logicalDecimal, scale: scale}
	case of == convertedDate:
		return logical{kind: logicalDate}
	case of >= convertedMillis && of < convertedMillis+4:
		l := logical{kind: logicalTime, parts: 1e3, utc: true}
		if (of-convertedMillis)%2 == 1 {
			l.parts = 1e6
		}
		if of >= convertedMillis+2 {
			l.kind = logicalStamp
		}
		return l
	case of >= convertedUnsigned && of < convertedUnsigned+4:
		return logical{kind: logicalInteger, above: true}
	}
	return logical{}
}
