#!/bin/sh
# Submits the shards of the sweep and, for when all are done, its merge.
set -eu
array=$(sbatch --parsable --partition=short '--comment=winter'\''s levels' /shared/results/slurm/array.sh)
array=${array%%;*} # where there are many clusters, the name of one follows
echo "array $array"
merge=$(sbatch --parsable --partition=short '--comment=winter'\''s levels' --dependency="afterok:$array" --kill-on-invalid-dep=yes /shared/results/slurm/merge.sh)
echo "merge ${merge%%;*}"
