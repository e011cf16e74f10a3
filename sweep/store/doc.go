// Package store keeps a sweep in a directory: a journal of finished blocks, which any
// process can add to after any interruption, and the tables made of them.
//
// Open opens or makes a Store; Fill finds the blocks that are missing, and Write writes the
// tables. A Shard is a part of the units that may be found elsewhere and merged. Read reads
// what a sweep or a run of caps has left, as Results.
//
// The same plan gives the same bytes, whether it ran in one piece, was resumed, or was
// merged from shards.
//
// The package refuses blocks of another version or catalog unless told, parts that are
// foreign or damaged, directories another process works on, and tables that are not whole.
// Below it are plan and table; above it are compare, plots and cmd/budget.
package store
