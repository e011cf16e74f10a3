"""Compares budget with what people would use instead, on the same work, on one core of one machine.

    python3 benchmarks/peers/compare.py [--paths 200000] [--rows 1000000]

The work: how many mindfulness sessions of 45 min fail, with the catalog's values. What is not
installed is left out and said. On Debian: apt-get install golang g++ clang python3-numba
python3-scipy python3-openturns r-base-core r-cran-survival. README.md says what the columns are.
"""

import argparse
import importlib.util
import json
import math
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
STEPS = (45 * 60 + 5) // 5  # of 5 s, with the margin
TARGET = 1e-4  # the standard error to reach: 0.67 % of sessions to 0.01 %


def run(*command, **options):
    """Runs a command on one core; returns its output, processor time [s] and memory [MB]."""
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, text=True,
                               env=os.environ | {"GOMAXPROCS": "1"}, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} failed")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def row(name, failure, error, steps, seconds, memory, fixed=0.0):
    """Prints a row. seconds include fixed ones, which do not grow with the paths."""
    needed = fixed + (seconds - fixed) * (error / TARGET) ** 2
    print(f"| {name} | {100 * failure:.3f} ± {200 * error:.3f} | {1e9 * (seconds - fixed) / steps:.1f} "
          f"| {needed:.2g} s | {memory:.0f} MB |", flush=True)


def counted(ends):
    """Returns the share that fails of the sessions that start, and its standard error."""
    started = sum(ends) - ends[3]
    failure = ends[1] / started
    return failure, math.sqrt(failure * (1 - failure) / started)


def budget(work, paths, experiment, name, *flags):
    program = work / ("budget" + experiment)
    if not program.exists():
        subprocess.run(["go", "build", "-o", program, "./cmd/budget"], cwd=HERE.parents[1], check=True,
                       env=os.environ | {"GOEXPERIMENT": experiment})
    def ask(paths):
        output, seconds, memory = run(program, "run", "mindfulness", "45 min", "--workers", 1, "--paths",
                                      paths, "--format", "json", "--quiet", *flags)
        failure = next(o for o in json.loads(output)["outcomes"]
                       if o["outcome"] == "failure" and o["reading"] == "cautious")
        return failure, seconds, memory
    _, few, _ = ask(2048)
    failure, seconds, memory = ask(paths)
    fixed = max(0, few - seconds * 2048 / paths)
    row(name, failure["probability"], failure["standard_error"], paths * STEPS, seconds, memory, fixed)


def compiled(work, paths, compiler, constants):
    if not shutil.which(compiler):
        print(f"left out: {compiler} is not installed", file=sys.stderr)
        return
    program = work / compiler
    subprocess.run([compiler, "-O3", "-ffast-math", "-march=native", "-std=c++17", "-o", program,
                    HERE / "session.cpp"], check=True)
    output, seconds, memory = run(program, constants, paths, STEPS, 1)
    ends = [int(x) for x in output.split()[:4]]
    row(f"C++, 64 paths side by side, {compiler} -O3 -ffast-math", *counted(ends), sum(ends) * STEPS,
        seconds, memory)


def python(paths, name, script):
    if importlib.util.find_spec("numba") is None:
        print(f"left out: {name}: numba is not installed", file=sys.stderr)
        return
    output, seconds, memory = run(sys.executable, "-c", script, paths, STEPS, cwd=HERE)
    *ends, fixed = (float(x) for x in output.split())
    row(name, *counted(ends), sum(ends) * STEPS, seconds, memory, fixed)


NUMBA = """
import sys, time
import session
session.simulate(1, 1, 1)
compiled = time.process_time()
ends, _ = session.simulate(int(sys.argv[1]), int(sys.argv[2]), 1)
print(*ends, compiled)
"""

# A random vector with the path's number as its only input; the batch goes to the Numba script.
OPENTURNS = """
import sys, time
import openturns as ot
import session
session.simulate(1, 1, 1)
compiled = time.process_time()
paths, steps = int(sys.argv[1]), int(sys.argv[2])
def fails(sample):
    ends, _ = session.simulate(len(sample), steps, int(1e9 * sample[0][0]))
    return [[1.0 if i < ends[1] else 0.0] for i in range(len(sample))]
fails = ot.PythonFunction(1, 1, func_sample=fails)
event = ot.ThresholdEvent(ot.CompositeRandomVector(fails, ot.RandomVector(ot.Uniform(0, 1))),
                          ot.Greater(), 0.5)
simulation = ot.ProbabilitySimulationAlgorithm(event, ot.MonteCarloExperiment())
simulation.setMaximumCoefficientOfVariation(0)
simulation.setBlockSize(10000)
simulation.setMaximumOuterSampling(paths // 10000)
simulation.run()
result = simulation.getResult()
n = result.getOuterSampling() * result.getBlockSize()
failed = round(n * result.getProbabilityEstimate())
print(n - failed, failed, 0, 0, compiled)
"""


def write_log(name, rows):
    draws = random.Random(7)
    with open(name, "w") as f:
        f.write("session,planned_min,actual_min,end,start_level,end_level\n")
        for _ in range(rows):
            planned, left = 5 + draws.randrange(55), 120 * draws.random()
            end, ran = "completed", float(planned)
            if left < planned:
                end, ran = draws.choice(["stopped", "stopped", "resigned", "error"]), left
            level = 20 + draws.randrange(80)
            f.write(f"mindfulness,{planned},{round(60 * ran) / 60:.4f},{end},0.{level},0.{level - int(ran / 12)}\n")


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--paths", type=int, default=200_000)
    flags.add_argument("--rows", type=int, default=1_000_000)
    flags = flags.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        work = pathlib.Path(directory)
        constants = work / "constants.txt"
        # By another process: what this one needs of memory counts for those that it starts.
        constants.write_text(run(sys.executable, HERE / "parameters.py")[0])
        print("| program | fails, % | ns per path-step | to ±0.02 % | memory |\n|---|---|---|---|---|")
        counts = "--estimator", "counts", "--sampling", "independent"
        for experiment, kernel in ("simd", "vectors"), ("", "portable"):
            budget(work, flags.paths, experiment, f"budget, {kernel}")
            budget(work, flags.paths, experiment, f"budget, {kernel}, plain counts", *counts)
        for compiler in "g++", "clang++":
            compiled(work, flags.paths, compiler, constants)
        python(flags.paths, "Python with Numba, one path after the other", NUMBA)
        if importlib.util.find_spec("openturns"):
            python(flags.paths, "OpenTURNS, Monte Carlo over the Numba script", OPENTURNS)
        else:
            print("left out: OpenTURNS is not installed", file=sys.stderr)

        print(f"\n| a log of {flags.rows:,} rows | processor time | memory |\n|---|---|---|")
        log = work / "log.csv"
        write_log(log, flags.rows)
        _, seconds, memory = run(work / "budgetsimd", "fit", log, "--quiet")
        print(f"| `budget fit`, which also fits rates and compares with the model "
              f"| {seconds:.1f} s | {memory:.0f} MB |", flush=True)
        if shutil.which("Rscript"):
            _, seconds, memory = run("Rscript", HERE / "incidence.R", log)
            print(f"| R, `survival::survfit`, the Aalen-Johansen curves alone | {seconds:.1f} s "
                  f"| {memory:.0f} MB |")
        else:
            print("left out: R is not installed", file=sys.stderr)


if __name__ == "__main__":
    main()
