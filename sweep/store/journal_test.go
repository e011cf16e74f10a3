package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"budget/sweep"
)

func payload(i int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("block %d ", i)), 1+i%7) }

func keyOf(i int) sweep.Key { return sha256.Sum256(fmt.Append(nil, i)) }

// journalOf makes a journal with n blocks and returns its bytes.
func journalOf(t *testing.T, path string, n int) []byte {
	t.Helper()
	j, err := OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		if err := j.put(keyed{keyOf(i), payload(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// check checks that every block of a journal is the one that was put there.
func check(t *testing.T, j *Journal, n int) (there int) {
	t.Helper()
	for i := range n {
		if !j.Has(keyOf(i)) {
			continue
		}
		there++
		if got, err := j.Block(keyOf(i)); err != nil || !bytes.Equal(got, payload(i)) {
			t.Fatalf("block %d is %q: %v", i, got, err)
		}
	}
	if there != j.Len() {
		t.Fatalf("the journal has %d blocks, %d of them unknown", j.Len(), j.Len()-there)
	}
	return there
}

// TestJournalCutAnywhere: wherever a journal is cut, the blocks before the cut are kept
// and new ones can be appended.
func TestJournalCutAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	const n = 8
	whole := journalOf(t, path, n)
	ends := []int{len(journalLine)}
	for i := range n {
		ends = append(ends, ends[i]+recordHead+len(payload(i)))
	}
	for cut := range len(whole) {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		before := 0
		for before < n && ends[before+1] <= cut {
			before++
		}
		if there := check(t, j, n); there != before {
			t.Fatalf("cut at %d: %d blocks, not %d", cut, there, before)
		}
		for i := before; i < n; i++ {
			if err := j.put(keyed{keyOf(i), payload(i)}); err != nil {
				t.Fatal(err)
			}
		}
		j.Close()
		if got, _ := os.ReadFile(path); !bytes.Equal(got, whole) {
			t.Fatalf("cut at %d: other bytes than without the cut", cut)
		}
	}
}

// TestJournalDamagedAnywhere: damage to any byte loses at most the record around it and is
// reported, and mending leaves a journal without damage.
func TestJournalDamagedAnywhere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	const n = 3
	whole := journalOf(t, path, n)
	for at := len(journalLine); at < len(whole); at++ {
		damaged := bytes.Clone(whole)
		damaged[at] ^= byte(1 + at%255)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		there := check(t, j, n)
		if there != n-1 || len(j.Damage.Broken) == 0 && j.Damage.Torn == 0 {
			t.Fatalf("byte %d: %d blocks, damage %+v", at, there, j.Damage)
		}
		if err := j.mend(); err != nil {
			t.Fatal(err)
		}
		j.Close()
		if j, err = OpenJournal(path); err != nil {
			t.Fatal(err)
		}
		if there := check(t, j, n); there != n-1 || len(j.Damage.Broken) > 0 || j.Damage.Torn > 0 {
			t.Fatalf("byte %d, mended: %d blocks, damage %+v", at, there, j.Damage)
		}
		j.Close()
	}
}

// TestJournalNoise: noise between and after records, even if it looks like records, is
// skipped.
func TestJournalNoise(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	const n = 5
	whole := journalOf(t, path, n)
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		damaged := bytes.Clone(whole)
		for range 1 + random.IntN(4) {
			at := len(journalLine) + random.IntN(len(damaged)-len(journalLine))
			switch random.IntN(3) {
			case 0: // another length or a magic where none was
				copy(damaged[at:], []byte{0x47, 0x42, 0x4c, 0x4b, 0xff, 0xff, 0xff, 0x7f})
			case 1:
				copy(damaged[at:], damaged[len(journalLine):])
			default:
				damaged = append(damaged[:at], damaged[min(at+random.IntN(40), len(damaged)):]...)
			}
		}
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		check(t, j, n)
		j.Close()
	}
}

// TestJournalIsNone: a file that is not a journal is not changed.
func TestJournalIsNone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	if err := os.WriteFile(path, []byte("my diary\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenJournal(path); err == nil {
		t.Error("a diary is taken for a journal")
	}
	if got, _ := os.ReadFile(path); string(got) != "my diary\n" {
		t.Error("the diary has changed")
	}
}
