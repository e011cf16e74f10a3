#!/bin/sh
# Submits the shards of the sweep and, for when all are done, its merge. Arguments
# go to aws, such as --region.
set -eu
cd "$(dirname "$0")"
aws "$@" batch register-job-definition --cli-input-json file://definition.json --query jobDefinitionArn --output text
array=$(aws "$@" batch submit-job --cli-input-json file://array.json --query jobId --output text)
echo "array $array"
merge=$(aws "$@" batch submit-job --cli-input-json file://merge.json --depends-on "jobId=$array" --query jobId --output text)
echo "merge $merge"
