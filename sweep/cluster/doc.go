// Package cluster writes the files that run the shards of a sweep on a cluster:
// scripts for Slurm, manifests for Kubernetes, requests for AWS Batch. It starts
// nothing and reads nothing. The user submits the files.
//
// All engines run the same two commands. Task i of an array of n runs
//
//	budget sweep PLAN -o DIR --shard env/n
//
// which takes i from the engine's environment variable and writes one part to
// DIR/parts. When all tasks are done,
//
//	budget merge PLAN -o DIR --shards n
//
// makes the tables from the parts. DIR must be the same directory for all tasks:
// on a shared file system, or a volume that all can write to.
//
// Running a task twice, even at the same time, does no harm: it finds its part
// or replaces it with the same bytes. So engines may restart tasks, a whole job
// can be submitted again to fill gaps, and the merge can be run by hand at any
// time: it lists missing parts. Slurm and AWS Batch do not restart a task after a code in
// Job.Final, such as the one for a plan with problems. After others a restart helps: 2 (the
// program crashed or had no memory), 75 (stopped and saved) and 137 (killed).
//
// docs/cluster.md is the guide for users.
package cluster
