package inputs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"budget/model"
)

// Level is a displayed battery level, in whole per cent.
type Level int

func (l Level) String() string { return fmt.Sprintf("%d %%", int(l)) }

// DefaultGate is the level that caps at a gate are for, unless a flag says another.
const DefaultGate Level = 20

// DefaultMenu lists the session lengths to choose from unless a flag says others.
func DefaultMenu() []model.Duration {
	var menu []model.Duration
	for _, minutes := range []model.Duration{5, 10, 20, 30, 45, 60, 90} {
		menu = append(menu, 60*minutes)
	}
	return menu
}

// ParseOffered reads a session length; a plain number is in minutes.
func ParseOffered(text string) (model.Duration, error) {
	if _, err := strconv.ParseFloat(strings.TrimSpace(text), 64); err == nil {
		text += " min"
	}
	d, err := ParseLength(text)
	if err == nil && d > maxPlan {
		err = fmt.Errorf("%s is out of range: expected at most 48 h", text)
	}
	return d, err
}

// ParseGate reads a displayed level in whole per cent.
func ParseGate(text string) (Level, error) {
	level, err := ParseShare(text)
	if err != nil {
		return 0, err
	}
	percent := math.Round(100 * level)
	if math.Abs(percent-100*level) > 1e-9 {
		return 0, fmt.Errorf("%s is not what a watch shows: expected whole per cent, such as \"20 %%\"",
			text)
	}
	return Level(percent), nil
}
