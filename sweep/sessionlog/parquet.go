package sessionlog

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"budget/internal/parquet"
)

// isParquet reports whether a source is a Parquet file.
func isParquet(s Source) bool {
	start := make([]byte, 4)
	_, err := s.Data.ReadAt(start, 0)
	return err == nil && string(start) == "PAR1"
}

// parquetSupply supplies the rows of a Parquet file. Their lines are their numbers.
type parquetSupply struct {
	texts   *parquet.Reader
	columns []int
	row     int
}

// newParquet starts to read a Parquet file. names is its line of column names.
func newParquet(s Source) (from *parquetSupply, names record, err error) {
	texts, err := parquet.NewReader(s.Data, s.Size)
	if err != nil {
		return nil, names, err
	}
	from = &parquetSupply{texts: texts}
	for i := range texts.Names {
		from.columns = append(from.columns, i+1)
	}
	return from, record{fields: texts.Names, columns: from.columns}, nil
}

func (p *parquetSupply) next() (b batch, ok bool, err error) {
	rows, err := p.texts.Next()
	for _, fields := range rows {
		p.row++
		b.records = append(b.records, record{line: p.row, fields: fields, columns: p.columns})
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b, len(rows) > 0, err
}

func (p *parquetSupply) lines() int { return p.row }

// digest returns the SHA-256 of a source.
func (s Source) digest() (string, error) {
	sum := sha256.New()
	_, err := io.Copy(sum, io.NewSectionReader(s.Data, 0, s.Size))
	return hex.EncodeToString(sum.Sum(nil)), err
}
