package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// digest is what a seal knows of the content of a file. Readers compare the length and the
// checksum of every byte, which takes a tenth of the time of the SHA-256. That is there for
// Verify and for other programs.
type digest struct {
	Bytes  int64  `json:"bytes"`
	CRC32C string `json:"crc32c"`
	SHA256 string `json:"sha256"`
}

// same reports whether a file has the content that another digest is of. One of the two may lack
// the SHA-256.
func (d digest) same(o digest) bool {
	return d.Bytes == o.Bytes && d.CRC32C == o.CRC32C &&
		(d.SHA256 == o.SHA256 || d.SHA256 == "" || o.SHA256 == "")
}

// known reports whether a seal has the digest of a file.
func (d digest) known() bool { return d.CRC32C != "" }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// digester computes a digest of what is written to it.
type digester struct {
	length int64
	crc    uint32
	sha    hash.Hash // nil: without the SHA-256
}

func (d *digester) Write(p []byte) (int, error) {
	d.length += int64(len(p))
	d.crc = crc32.Update(d.crc, castagnoli, p)
	if d.sha != nil {
		d.sha.Write(p)
	}
	return len(p), nil
}

func (d *digester) digest() digest {
	out := digest{Bytes: d.length, CRC32C: fmt.Sprintf("%08x", d.crc)}
	if d.sha != nil {
		out.SHA256 = hex.EncodeToString(d.sha.Sum(nil))
	}
	return out
}

// fileDigest returns the digest of a file of a directory, with the SHA-256 if full. It reads
// through a buffer.
func fileDigest(dir, name string, full bool, buffer []byte) (digest, error) {
	local := filepath.FromSlash(name)
	if !filepath.IsLocal(local) {
		return digest{}, nil // no file of the directory
	}
	f, err := os.Open(filepath.Join(dir, local))
	if err != nil {
		return digest{}, err
	}
	defer f.Close()
	var d digester
	if full {
		d.sha = sha256.New()
	}
	for {
		n, err := f.Read(buffer)
		d.Write(buffer[:n])
		if err == io.EOF {
			return d.digest(), nil
		}
		if err != nil {
			return digest{}, err
		}
	}
}

// digests are those of files by name, with slashes. In JSON each has a line of its own.
type digests map[string]digest

// lines writes the digests as the value of a field of an indented object.
func (all digests) lines() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, name := range slices.Sorted(maps.Keys(all)) {
		key, err := json.Marshal(name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(all[name])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "\n    %s: %s", key, value)
	}
	out.WriteString("\n  }")
	return out.Bytes(), nil
}
