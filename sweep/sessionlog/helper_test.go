package sessionlog

import (
	"context"
	"errors"
	"io"
	"testing"

	"budget/model"
)

// nothing is a sink that keeps nothing.
type nothing struct{}

func (nothing) Add(int, []Session)           {}
func (nothing) Knows([]byte) bool            { return false }
func (nothing) Read(string, io.Reader) error { return errors.New("not known") }

// read reads a log from memory.
func read(text string, o Options) (*Log, error) {
	return ReadAll(context.Background(), []Source{Text("log.csv", []byte(text))}, model.Default(), o,
		func(int) Sink { return nothing{} })
}

// readWith reads a log that has to have column names that will do.
func readWith(t *testing.T, text string, o Options) *Log {
	t.Helper()
	l, err := read(text, o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func plainOptions() Options {
	return Options{Map: map[string]string{}, Slack: DefaultSlack, Keep: true}
}
