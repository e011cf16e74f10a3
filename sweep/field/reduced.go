package field

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"budget/model"
	"budget/model/document"
	"budget/sweep/sessionlog"
)

// The first line of a reduced log: what it is, its version, and the SHA-256 of the rest.
const (
	reducedName    = "budget reduced log "
	reducedVersion = "1"
)

// reduced is the content of a reduced log: all that results follow from. It does not depend on how
// the rows were split into files.
type reduced struct {
	Reading  reading              `json:"reading"`
	Rows     sessionlog.RowCounts `json:"rows"`
	Sessions *Statistics          `json:"sessions"`
}

// reading is what the meaning of a log's rows depends on besides the rows.
type reading struct {
	Slack        string  `json:"slack"`
	Margin       float64 `json:"grid.margin"`
	Noise        float64 `json:"gauge.noise_sd"`
	Low          float64 `json:"policy.low_battery"`
	VeryLow      float64 `json:"policy.very_low_battery"`
	FastestGrant float64 `json:"fastest_grant"`
	// Limits and Prompt are of the session types in the log: the limit, and whether the Low Power
	// prompt ends sessions.
	Limits map[string]float64 `json:"limits"`
	Prompt map[string]bool    `json:"prompt_ends"`
}

// readingOf returns what the meaning of rows depends on.
func readingOf(s *model.Scenario, slack sessionlog.Slack, sums *Statistics) reading {
	r := reading{slack.String(), float64(s.Grid.Margin), float64(s.Gauge.NoiseSD),
		float64(s.Policy.LowBattery), float64(s.Policy.VeryLowBattery), sessionlog.FastestGrant(s),
		map[string]float64{}, map[string]bool{}}
	for id := range sums.Ends.types {
		session := s.Session(id)
		r.Limits[id] = float64(session.Limit)
		r.Prompt[id] = session.PromptResigns(&s.Policy) > 0
	}
	return r
}

// differs says in what a reading differs from another, "" if in nothing.
func (r reading) differs(from reading) string {
	for _, x := range []struct {
		name string
		a, b any
	}{{"--slack", r.Slack, from.Slack}, {"grid.margin [s]", r.Margin, from.Margin},
		{"gauge.noise_sd", r.Noise, from.Noise}, {"policy.low_battery", r.Low, from.Low},
		{"policy.very_low_battery", r.VeryLow, from.VeryLow},
		{"the fastest use of a grant", r.FastestGrant, from.FastestGrant}} {
		if x.a != x.b {
			return fmt.Sprintf("%s was %v, and is %v now", x.name, x.a, x.b)
		}
	}
	for id, limit := range r.Limits {
		if limit != from.Limits[id] {
			return fmt.Sprintf("the limit of %s was %v s, and is %v s now", id, limit, from.Limits[id])
		}
		if r.Prompt[id] != from.Prompt[id] {
			return "whether the Low Power prompt ends sessions of " + id
		}
	}
	return ""
}

// content writes a reduced log but for its first line.
func (x reduced) content() ([]byte, error) {
	out, err := json.Marshal(x)
	return append(out, '\n'), err
}

// isReduced reports whether a source is a reduced log.
func isReduced(start []byte) bool { return bytes.HasPrefix(start, []byte(reducedName)) }

// readReduced reads a reduced log and checks it.
func readReduced(file string, from io.Reader, s *model.Scenario,
	slack sessionlog.Slack) (reduced, error) {
	x := reduced{Sessions: NewStatistics(s)}
	refuse := func(format string, args ...any) (reduced, error) {
		return x, document.Problems{{File: file, Message: fmt.Sprintf(format, args...)}}
	}
	data, err := io.ReadAll(from)
	if err != nil {
		return refuse("the reduced log cannot be read: %v", err)
	}
	first, content, _ := bytes.Cut(data, []byte{'\n'})
	version, digest, _ := strings.Cut(strings.TrimPrefix(string(first), reducedName), " ")
	if version != reducedVersion {
		return refuse("a reduced log of version %s: this program reads version %s; reduce the log again",
			document.Quote(version), reducedVersion)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != digest {
		return refuse("the reduced log is damaged or was changed: its digest does not fit")
	}
	in := json.NewDecoder(bytes.NewReader(content))
	in.DisallowUnknownFields()
	if err := in.Decode(&x); err != nil || x.Sessions == nil {
		return refuse("this is no reduced log of this program: %v; reduce the log again", err)
	}
	if again, err := x.content(); err != nil || !bytes.Equal(again, content) {
		return refuse("this is no reduced log of this program; reduce the log again")
	}
	if err := x.Sessions.check(s); err != nil {
		return refuse("the reduced log is impossible: %v", err)
	}
	used := 0
	for _, of := range x.Sessions.Ends.types {
		used += int(of.sessions())
	}
	if r := x.Rows; min(r.Malformed, r.Contradictory, r.Duplicate) < 0 || r.Rows > mostSessions ||
		r.Used() != used {
		return refuse("the reduced log is impossible: %d sessions of %d rows", used, r.Rows)
	}
	if why := x.Reading.differs(readingOf(s, slack, x.Sessions)); why != "" {
		return refuse("the log was reduced with other assumptions: %s; reduce it again", why)
	}
	return x, nil
}
