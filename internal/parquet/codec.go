package parquet

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// unpack returns the data of a page without its compression.
func unpack(codec int64, packed []byte, size int64) (data []byte, err error) {
	if size < 0 || size > largest {
		return nil, errDamaged
	}
	switch codec {
	case uncompressed:
		data = packed
	case snappy:
		if n, err := s2.DecodedLen(packed); err != nil || int64(n) != size {
			return nil, errDamaged
		}
		data, err = s2.Decode(nil, packed)
	case gzipped:
		var z *gzip.Reader
		if z, err = gzip.NewReader(bytes.NewReader(packed)); err == nil {
			data, err = io.ReadAll(io.LimitReader(z, size+1))
		}
	case zstandard:
		var z *zstd.Decoder
		if z, err = zstd.NewReader(bytes.NewReader(packed), zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(largest)); err == nil {
			data, err = io.ReadAll(io.LimitReader(z, size+1))
			z.Close()
		}
	default:
		name := fmt.Sprint(codec)
		if codec >= 0 && codec < int64(len(codecNames)) {
			name = codecNames[codec]
		}
		return nil, fmt.Errorf("it is compressed with %s: write it with Snappy, gzip, Zstandard or "+
			"without compression", name)
	}
	if err != nil || int64(len(data)) != size {
		return nil, errDamaged
	}
	return data, nil
}
