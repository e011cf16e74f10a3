package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// SealName is the file that says where results come from, with the digests of all files.
const SealName = "provenance.json"

// Seal says how a Set seals its directory.
type Seal struct {
	kind sealKind
	head func() ([]byte, error)
}

type sealKind int

const (
	sealNone sealKind = iota
	sealJoin
	sealAdd
	sealHead
)

// Unsealed leaves the seal alone.
var Unsealed = Seal{}

// JoinSeal adds the files to the seal of the directory, or of the one above, where there is one.
// It is for files beside results, such as charts.
var JoinSeal = Seal{kind: sealJoin}

// AddSeal adds the files to the seal of the directory, and makes one where there is none. head
// writes what it says then: a JSON object.
func AddSeal(head func() ([]byte, error)) Seal { return Seal{sealAdd, head} }

// NewSeal replaces what the seal says: head writes a JSON object. It keeps the digests of files
// that other commands have written to the directory.
func NewSeal(head func() ([]byte, error)) Seal { return Seal{sealHead, head} }

// next returns the text of the seal once files with some digests are in their places in a
// directory and others are gone, and the directory that it belongs to. Without a text the seal
// stays as it is. The caller calls end when the seal is in its place. Until then, readers find
// the digests of the files as they were.
func (k Seal) next(dir string, made digests, gone []string) (above string,
	text []byte, end func(), err error) {
	end = func() {}
	if k.kind == sealNone {
		return dir, nil, end, nil
	}
	prefix := ""
	if _, err := os.Lstat(filepath.Join(dir, SealName)); k.kind == sealJoin &&
		errors.Is(err, fs.ErrNotExist) {
		above, name := filepath.Split(absolute(dir))
		dir, prefix = above, name+"/"
	}
	held := lockSeal(dir)
	end = func() { held.Close() }
	old, err := readSeal(dir)
	if k.kind == sealJoin && err != nil {
		return dir, nil, end, nil // results without a right seal get none by charts beside them
	}
	if err != nil {
		old = &seal{}
	}
	next := &seal{old.head, digests{}}
	for name, digest := range old.files {
		_, err := os.Lstat(filepath.Join(dir, filepath.FromSlash(name)))
		if !errors.Is(err, fs.ErrNotExist) && !slices.Contains(gone, strings.TrimPrefix(name, prefix)) {
			next.files[name] = digest
		}
	}
	for name, digest := range made {
		next.files[prefix+name] = digest
	}
	if k.kind == sealHead || k.kind == sealAdd && len(old.head) == 0 {
		if next.head, err = k.head(); err != nil {
			return dir, nil, end, err
		}
	}
	text, err = next.text()
	return dir, text, end, err
}

// lockSeal waits for other processes that change a seal, and keeps them waiting until the lock is
// closed. Without a seal, or without locks, it does nothing.
func lockSeal(dir string) *flock.Flock {
	path := filepath.Join(dir, SealName)
	for {
		lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
		if runtime.GOOS == "windows" || lock.Lock() != nil || same(lock, path) {
			return lock // a locked file cannot be replaced on Windows
		}
		lock.Close() // another process has replaced it meanwhile
	}
}

// seal is the content of a provenance file.
type seal struct {
	head  []byte // the JSON object without the digests
	files digests
}

// The end of a sealed file: the digests of all files, then that of the file itself, taken with
// zeros in its own place.
const (
	filesKey = ",\n  \"files\": "
	selfKey  = ",\n  \"sha256\": \""
	selfEnd  = "\"\n}\n"
)

var noDigest = strings.Repeat("0", 2*sha256.Size)

// text writes the sealed file.
func (s *seal) text() ([]byte, error) {
	head := bytes.TrimRight(s.head, " \n")
	if len(head) < 3 || head[0] != '{' || head[len(head)-1] != '}' {
		return nil, errors.New("a provenance that is no JSON object")
	}
	files, err := s.files.lines()
	if err != nil {
		return nil, err
	}
	text := slices.Concat(bytes.TrimRight(head[:len(head)-1], " \n"), []byte(filesKey), files,
		[]byte(selfKey+noDigest+selfEnd))
	copy(text[len(text)-len(selfEnd)-len(noDigest):], sha256Of(text))
	return text, nil
}

func sha256Of(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// errBroken is the error of a seal that was changed; errPlain that of a provenance without one.
var (
	errBroken = errors.New("changed")
	errPlain  = errors.New("without digests")
)

// readSeal reads the seal of a directory.
func readSeal(dir string) (*seal, error) {
	text, err := os.ReadFile(filepath.Join(dir, SealName))
	if err != nil {
		return nil, err
	}
	return parseSeal(text)
}

func parseSeal(text []byte) (*seal, error) {
	at := bytes.LastIndex(text, []byte(selfKey))
	files := bytes.LastIndex(text, []byte(filesKey))
	if at < 0 && files < 0 {
		if json.Valid(text) {
			return nil, errPlain
		}
		return nil, errBroken
	}
	from := at + len(selfKey)
	if at < 0 || files < 0 || files > at || len(text) != from+len(noDigest)+len(selfEnd) {
		return nil, errBroken
	}
	blank := bytes.Clone(text)
	copy(blank[from:], noDigest)
	if sha256Of(blank) != string(text[from:from+len(noDigest)]) {
		return nil, errBroken
	}
	s := &seal{head: append(bytes.Clone(text[:files]), "\n}\n"...)}
	if err := json.Unmarshal(text[files+len(filesKey):at], &s.files); err != nil {
		return nil, errPlain // its own digest is right, so it is of another version
	}
	return s, nil
}

func absolute(dir string) string {
	if path, err := filepath.Abs(dir); err == nil {
		return path
	}
	return dir
}
