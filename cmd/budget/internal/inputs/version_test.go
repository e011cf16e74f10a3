package inputs

import (
	"runtime/debug"
	"testing"
)

// TestVersion: what a build was given comes before what the go command found.
func TestVersion(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		module, stamp, want string
	}{
		{"v1.2.3", "", "v1.2.3"},       // go install budget/cmd/budget@v1.2.3
		{"v1.2.3", "v1.2.4", "v1.2.4"}, // -ldflags "-X main.version=v1.2.4"
		{"(devel)", "", "devel"},       // go run
		{"", "", "devel"},              // no build information
		{"(devel)", "v1.2.4", "v1.2.4"},
		{"v0.0.0-20260101000000-0123456789ab+dirty", "", "v0.0.0-20260101000000-0123456789ab+dirty"},
	} {
		info := &debug.BuildInfo{}
		info.Main.Version = test.module
		if got := versionOf(info, test.stamp); got != test.want {
			t.Errorf("module %q, stamp %q: %q, want %q", test.module, test.stamp, got, test.want)
		}
	}
	info := &debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "01ab"},
		{Key: "vcs.modified", Value: "true"}}}
	if hash, changed := commitOf(info); hash != "01ab" || !changed {
		t.Errorf("commit %q, changed %v", hash, changed)
	}
	if hash, changed := commitOf(&debug.BuildInfo{}); hash != "" || changed {
		t.Errorf("without one: commit %q, changed %v", hash, changed)
	}
}
