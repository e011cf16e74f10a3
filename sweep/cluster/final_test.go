package cluster

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// crashVariable makes the test program crash as it says.
const crashVariable = "BUDGET_TEST_CRASH"

func TestMain(m *testing.M) {
	switch os.Getenv(crashVariable) {
	case "panic":
		go panic("a mistake in a goroutine")
		select {}
	case "memory":
		huge = make([]byte, size<<46)
	}
	os.Exit(m.Run())
}

var (
	huge []byte
	size = 1 // a variable, so that only a run can find out
)

// crash returns a shell command that ends like this program after a crash of a kind.
func crash(kind string) string {
	return fmt.Sprintf("%s=%s exec %s 2>/dev/null", crashVariable, kind, quote(os.Args[0]))
}

// TestAWSBatchStartsAgain checks after which exit codes a task is tried again. AWS Batch takes
// the first condition that fits, and tries again where none does.
func TestAWSBatchStartsAgain(t *testing.T) {
	t.Parallel()
	j := winter
	j.Parallel = 0
	files, err := AWSBatch(j, containers)
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		RetryStrategy struct {
			Attempts       int
			EvaluateOnExit []struct{ OnExitCode, Action string }
		}
	}
	if err := json.Unmarshal([]byte(files[0].Text), &definition); err != nil {
		t.Fatal(err)
	}
	if got := definition.RetryStrategy.Attempts; got != 4 {
		t.Errorf("%d attempts, want 4", got)
	}
	for code, again := range map[int]bool{1: true, 2: true, 3: false, 4: true, 6: false, 64: false,
		75: true, 137: true} {
		got := true
		for _, condition := range definition.RetryStrategy.EvaluateOnExit {
			if condition.OnExitCode == strconv.Itoa(code) {
				got = condition.Action == "RETRY"
				break
			}
		}
		if got != again {
			t.Errorf("after exit code %d a task is tried again: %v, want %v", code, got, again)
		}
	}
}
