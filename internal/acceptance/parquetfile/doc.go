// Package parquetfile tests package parquet against another implementation of the format.
package parquetfile
