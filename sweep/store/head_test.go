package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"budget/internal/disk"
	"budget/sweep"
)

// smallJournal writes a journal with a writer and some small blocks, and returns its bytes.
func smallJournal(t *testing.T, dir string, blocks int) []byte {
	t.Helper()
	path := filepath.Join(dir, journalName)
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if err := j.sign(writer); err != nil {
		t.Fatal(err)
	}
	for i := range blocks {
		if err := j.put(keyed{sweep.Key{byte(i + 1)}, []byte{byte(i), 1, 2, 3}}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestEveryByteOfAJournal: whichever byte is changed, readers refuse the journal, opening it for a
// sweep mends it, and all blocks but at most the one with the byte are kept.
func TestEveryByteOfAJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, journalName)
	const blocks = 3
	want := smallJournal(t, dir, blocks)
	for i := range want {
		text := bytes.Clone(want)
		text[i] ^= 1 << (i % 8)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := errors.AsType[*disk.Changed](CheckJournal(dir)); !ok {
			t.Fatalf("byte %d: readers take it: %v", i, CheckJournal(dir))
		}
		s, err := Open(dir, writer)
		if err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
		kept, damage := s.journal.Len(), s.Mended.Broken
		s.Close()
		least := blocks - 1
		if i < len(journalLine) {
			least = blocks
		}
		if kept < least || len(damage) != 1 {
			t.Errorf("byte %d: %d of %d blocks are kept, damage %v", i, kept, blocks, damage)
		}
		if err := CheckJournal(dir); err != nil {
			t.Errorf("byte %d is not mended: %v", i, err)
		}
	}
}

// TestDamagedFirstLine: a first line that is cut, longer or full of zeros is mended where whole
// records follow. Without any, or with those of another format, the file is not touched.
func TestDamagedFirstLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, journalName)
	want := smallJournal(t, dir, 2)
	records := string(want[len(journalLine):])
	for _, test := range []struct {
		text   string
		mended bool
	}{
		{records, true}, {"\n" + records, true}, {"budget" + records, true},
		{strings.Repeat("\x00", len(journalLine)) + records, true},
		{"budget journal 5\n" + records, true}, // their writer says 4
		{"budget journal 44\n" + records, true},
		{"budget journal 6\n" + string(appendRecord(nil, sweep.Key{1}, []byte("new"))), true},
		{"Dear diary,\n", false},
		{strings.Repeat("x", 4096), false},
		{"budget journal 3\n" + string(appendRecord(nil, sweep.Key{1}, []byte("old"))), false},
	} {
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		s, err := Open(dir, writer)
		if (err == nil) != test.mended {
			t.Errorf("%.30q: %v", test.text, err)
		}
		if err == nil {
			s.Close()
			if err := CheckJournal(dir); err != nil {
				t.Errorf("%.30q: %v", test.text, err)
			}
			continue
		}
		if now, _ := os.ReadFile(path); string(now) != test.text {
			t.Errorf("%.30q was changed", test.text)
		}
	}
}
