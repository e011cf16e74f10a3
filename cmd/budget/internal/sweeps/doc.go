// Package sweeps has the commands that run a plan: sweep, here, as a shard or by an engine
// such as Slurm, and merge, which makes one sweep of its shards.
//
// It refuses to know what is in a directory of a sweep: package sweep does. It stands on
// cli and inputs; package main lists its commands.
package sweeps
