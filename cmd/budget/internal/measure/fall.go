package measure

import (
	"fmt"
	"strings"

	"budget/cmd/budget/internal/inputs"
	"budget/model"
)

// fall is a fall of the level in a time: "12 % in 45 min".
type fall struct {
	share float64
	time  float64 // [s]
}

func parseFall(text string) (*fall, error) {
	level, time, ok := strings.Cut(text, " in ")
	if !ok || !strings.Contains(level, "%") {
		return nil, fmt.Errorf("%q is not a fall of the level: expected one such as \"12 %% in 45 min\"",
			text)
	}
	x, err := model.ParseNumber(strings.TrimSpace(level))
	if err != nil {
		return nil, err
	}
	if x < 0.01 || x > 1 {
		return nil, fmt.Errorf("%s is out of range: expected 1 to 100 %%", strings.TrimSpace(level))
	}
	t, err := inputs.ParseLength(strings.TrimSpace(time))
	if err != nil {
		return nil, err
	}
	return &fall{float64(x), float64(t)}, nil
}

// parseHealth reads the health of a battery.
func parseHealth(text string) (float64, error) {
	x, err := model.ParseNumber(text)
	if err != nil {
		return 0, err
	}
	if x < 0.3 || x > 1.1 {
		hint := ""
		if share := x / 100; share >= 0.3 && share <= 1.1 && !strings.Contains(text, "%") {
			hint = fmt.Sprintf(": did you mean \"%s %%\"?", strings.TrimSpace(text))
		}
		return 0, fmt.Errorf("%s is out of range: expected 30 to 110 %% of the nominal capacity%s", text,
			hint)
	}
	return float64(x), nil
}
