// Package histories stores what happened to the watch in many paths, and makes bytes of it.
//
// A Record counts the paths that stay in their first condition, which are most, and keeps the
// histories (package plant) of the others. Record.AppendTo makes bytes of a record, with checks
// ReadRecord makes it again. The bytes are neither packed nor protected by a checksum: package
// sweep/store does both, and says which plant, seed and sampling they belong to.
//
// Package incidence keeps records to read rules from them that it does not know yet.
package histories
