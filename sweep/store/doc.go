// Package store keeps a sweep in a directory: a journal of finished blocks and the tables
// made from them. After an interruption any process can continue the journal.
//
// Open opens or makes a Store, Fill computes the missing blocks, and Write writes the
// tables. A Shard is a part of the units that can be computed elsewhere and merged. Read
// reads the directory of a sweep or of budget caps as Results.
//
// The same plan gives the same bytes whether it ran in one piece, was resumed, or was
// merged from shards.
//
// Errors are: blocks of another version or catalog (unless the caller accepts them),
// foreign or damaged parts, a directory that another process works in, and incomplete
// tables.
package store
