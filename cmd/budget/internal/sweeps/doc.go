// Package sweeps has the commands for plans: sweep runs a plan on this machine, as a shard
// or on a cluster, and merge merges the shards of a sweep.
//
// The files of a sweep are those of package sweep/store. Package main lists the commands.
package sweeps
