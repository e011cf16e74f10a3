package cluster

import (
	"fmt"
	"path"
	"strconv"
)

// Containers describes the containers of a job's tasks on AWS Batch.
type Containers struct {
	Image      string // image with the program
	Queue      string // name or ARN of a job queue on EC2 machines
	FileSystem string // id of the Amazon EFS file system with plan and results
	Mount      string // its mount point in a task; the directory of results is below
	VCPUs      int
	Memory     int // [MiB]
}

const (
	queueName    = `^(arn:[a-z-]+:batch:[a-z0-9-]+:[0-9]+:job-queue/)?[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$`
	fileSystemID = `^fs-[0-9a-f]+$`
)

// AWSBatch writes three requests: aws-batch/definition.json registers a job
// definition, aws-batch/array.json submits the array of shards, and
// aws-batch/merge.json submits the merge. aws-batch/submit.sh makes these
// requests with the program aws, so that the merge depends on the array.
//
// It follows the documentation of AWS Batch but has never been run there.
func AWSBatch(j Job, c Containers) ([]File, error) {
	found := j.problems()
	bad := func(format string, args ...any) { found = append(found, fmt.Errorf(format, args...)) }
	if j.Shards < 2 || j.Shards > 10000 {
		bad("%d shards: an array of AWS Batch has 2 to 10000 tasks", j.Shards)
	}
	if j.Parallel != 0 {
		bad("%d tasks at a time: AWS Batch has no such limit; set the maximum of vCPUs in the queue's "+
			"compute environment", j.Parallel)
	}
	if j.Retries > 9 {
		bad("%d retries: AWS Batch starts a task at most 10 times, which is 9 retries", j.Retries)
	}
	if !matches(queueName, c.Queue) {
		bad("the queue is %q: give the name or the ARN of a job queue", c.Queue)
	}
	if !matches(fileSystemID, c.FileSystem) {
		bad("the file system is %q: give the id of one of Amazon EFS, such as fs-0123456789abcdef0",
			c.FileSystem)
	}
	if c.VCPUs < 1 {
		bad("%d vCPUs: a task needs at least 1", c.VCPUs)
	}
	if c.Memory < 4 {
		bad("%d MiB of memory: AWS Batch takes no less than 4", c.Memory)
	}
	for _, err := range []error{checkImage(c.Image), checkMount(c.Mount, j.Directory)} {
		if err != nil {
			found = append(found, err)
		}
	}
	if err := refuse("AWS Batch", found); err != nil {
		return nil, err
	}

	final := []object{}
	for _, code := range j.Final {
		final = append(final, object{"onExitCode": strconv.Itoa(code), "action": "EXIT"})
	}
	definition := object{
		"jobDefinitionName": j.Name,
		"type":              "container",
		"containerProperties": object{
			"image":   c.Image,
			"command": unexpanded(j.sweep()),
			"resourceRequirements": []object{
				{"type": "VCPU", "value": strconv.Itoa(c.VCPUs)},
				{"type": "MEMORY", "value": strconv.Itoa(c.Memory)},
			},
			"volumes": []object{{"name": "results",
				"efsVolumeConfiguration": object{"fileSystemId": c.FileSystem}}},
			"mountPoints": []object{{"sourceVolume": "results", "containerPath": path.Clean(c.Mount)}},
		},
		"retryStrategy": object{
			"attempts": j.Retries + 1,
			// Tasks with other exit codes are started again.
			"evaluateOnExit": final,
		},
	}
	array := object{
		"jobName":         j.Name,
		"jobQueue":        c.Queue,
		"jobDefinition":   j.Name, // newest revision
		"arrayProperties": object{"size": j.Shards},
	}
	merge := object{
		"jobName":            j.Name + "-merge",
		"jobQueue":           c.Queue,
		"jobDefinition":      j.Name,
		"containerOverrides": object{"command": unexpanded(j.merge())},
	}
	return []File{
		document("aws-batch/definition.json", definition),
		document("aws-batch/array.json", array),
		document("aws-batch/merge.json", merge),
		{Path: "aws-batch/submit.sh", Text: awsBatchSubmit, Executable: true},
	}, nil
}

const awsBatchSubmit = `#!/bin/sh
# Submits the shards of the sweep and, for when all are done, its merge. Arguments
# go to aws, such as --region.
set -eu
cd "$(dirname "$0")"
aws "$@" batch register-job-definition --cli-input-json file://definition.json --query jobDefinitionArn --output text
array=$(aws "$@" batch submit-job --cli-input-json file://array.json --query jobId --output text)
echo "array $array"
merge=$(aws "$@" batch submit-job --cli-input-json file://merge.json --depends-on "jobId=$array" --query jobId --output text)
echo "merge $merge"
`
