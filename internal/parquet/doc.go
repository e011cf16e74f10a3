// Package parquet writes flat tables as Parquet files, and reads the flat columns of any Parquet
// file as text.
//
// A file is a list of row groups and, at its end, a description of them. A row group has a chunk
// for each column, and a chunk has pages, each compressed on its own. The writer uses what every
// reader knows: plain numbers, dictionaries of texts, Snappy. The reader knows all encodings of
// the format, Snappy, gzip and Zstandard.
//
// The format is described by the Apache Parquet project (apache/parquet-format). Tests compare
// both directions with another implementation.
package parquet
