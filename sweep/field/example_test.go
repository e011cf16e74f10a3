package field_test

import (
	"fmt"
	"log"

	"budget/model"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

// What three rows of a log say; the second contradicts itself and is left out.
func ExampleRead() {
	const rows = `session,planned_min,actual_min,end,start_level,end_level
mindfulness,30,30,completed,0.62,0.55
mindfulness,20,45,completed,0.81,0.70
mindfulness,40,12,resigned,0.44,0.41
`
	s := model.Default()
	l, err := field.Read("rows.csv", []byte(rows), s,
		sessionlog.Options{Slack: sessionlog.DefaultSlack})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range l.Remarks {
		fmt.Println(r.Problem)
	}
	for _, o := range field.Observe(l, s, 0.95) {
		fmt.Printf("%s: %d sessions, %.0f min\n", o.Type, o.Sessions, o.Time/60)
	}
	// Output:
	// rows.csv:3:16: actual_min: ran 45 min of 20 min planned: is the unit right?
	// mindfulness: 2 sessions, 42 min
}
