package model_test

import (
	"fmt"

	"budget/model"
)

// The catalog's defaults carry their evidence and their source.
func ExampleDefault() {
	s := model.Default()
	limit := s.Parameter("session.mindfulness.limit")
	fmt.Println(limit.Key, s.Session("mindfulness").Limit, limit.Evidence)
	// Output:
	// session.mindfulness.limit 1 h documented
}

// A scenario file overrides the defaults; all its problems are reported with their places.
func ExampleParse() {
	s, err := model.Parse("winter.toml", []byte(`
[[environment]]
id = "shade"
ambient_mean = "-5 degC"
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Environments[1].ID, s.Environments[1].AmbientMean)

	_, err = model.Parse("typo.toml", []byte("[policy]\nlow_batery = 0.1\nsuppress_base = 3\n"))
	fmt.Println(err)
	// Output:
	// shade -5
	// typo.toml:2:1: policy.low_batery: unknown key: did you mean "low_battery"?
	// typo.toml:3:17: policy.suppress_base: 3 has no unit: expected a rate, such as "0.1 /h"
}
