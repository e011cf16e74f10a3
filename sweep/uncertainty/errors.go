package uncertainty

import (
	"errors"
	"fmt"
)

// ErrNothingVaried says that every quantity is taken as known or fixed.
var ErrNothingVaried = errors.New("nothing is varied: every quantity is taken as known or fixed")

// An OptionError is an error about an option of a request.
type OptionError struct {
	Option string // "sets", "plants", "vary", "fix", "from" or "to"
	Err    error
}

func (e *OptionError) Error() string { return e.Option + ": " + e.Err.Error() }

func (e *OptionError) Unwrap() error { return e.Err }

// A RangeError says that there are no values to look between: a quantity without a range of
// its own (From and To are empty), or ends in the wrong order.
type RangeError struct{ Key, From, To string }

func (e *RangeError) Error() string {
	if e.From == "" {
		return fmt.Sprintf("%s has no range to look in: give both ends", e.Key)
	}
	return fmt.Sprintf("from %s is not below to %s", e.From, e.To)
}

// KeyError says that a scenario has no quantity of a key, and the key that is nearest, if
// one is near.
type KeyError struct{ Key, Near string }

func (e *KeyError) Error() string {
	if e.Near != "" {
		return fmt.Sprintf("no quantity is called %s: did you mean %s?", e.Key, e.Near)
	}
	return "no quantity is called " + e.Key
}
