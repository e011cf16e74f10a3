// Package cluster writes what existing engines need to run the shards of a
// sweep: scripts for Slurm, a manifest for Kubernetes, requests for AWS Batch.
// It starts nothing and reads nothing; its functions turn the description of a
// job into files, and a user or package cmd/budget hands these to the engine.
//
// All engines run the same two commands. Task i of an array of n runs
//
//	budget sweep PLAN -o DIR --shard env/n
//
// which takes i from the variable that the engine sets, and leaves one part in
// DIR/parts. When all tasks are done,
//
//	budget merge PLAN -o DIR --shards n
//
// makes the tables of the parts. DIR must be the same directory for all tasks:
// on a shared file system, or a volume that many can write to.
//
// A task that is run twice, even twice at once, does no harm: it finds its part
// there or replaces it with the same bytes. So engines may start tasks again as
// they like, a whole job can be submitted again to fill gaps, and the merge can
// be run by hand at any time: it says what is missing. The exit codes tell what
// is worth another start: not 2 (usage) and 3 (a plan with problems); all others
// are, such as 75 (asked to stop, and saved) and 137 (killed).
//
// docs/cluster.md tells users how to go about it.
package cluster
