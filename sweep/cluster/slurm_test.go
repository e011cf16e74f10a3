//go:build linux

package cluster

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var slurm = flag.Bool("slurm", false,
	"run a sweep on a Slurm of its own, with faults: a minute and a half")

// slurmConfiguration is for daemons without systemd and control groups, and notices
// faults soon: a node is lost after 10 s without an answer, and a task can be
// started again after 5 s instead of 2 min.
const slurmConfiguration = `ClusterName=budget
SlurmctldHost=%[2]s(127.0.0.1)
SlurmctldPort=%[4]d
SlurmUser=%[3]s
SlurmdUser=%[3]s
AuthInfo=socket=%[1]s/munge/socket,cred_expire=5
StateSaveLocation=%[1]s/state
SlurmdSpoolDir=%[1]s/spool-%%n
SlurmctldPidFile=%[1]s/slurmctld.pid
SlurmdPidFile=%[1]s/slurmd-%%n.pid
SlurmctldLogFile=%[1]s/slurmctld.log
SlurmdLogFile=%[1]s/slurmd-%%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SlurmdTimeout=10
ReturnToService=2
MpiDefault=none
NodeName=n1 NodeHostname=%[2]s NodeAddr=127.0.0.1 Port=%[5]d CPUs=1
NodeName=n2 NodeHostname=%[2]s NodeAddr=127.0.0.1 Port=%[6]d CPUs=1
PartitionName=main Nodes=ALL Default=YES
`

// startSlurm starts a Slurm with two nodes of one processor each.
func startSlurm(t *testing.T) *engine {
	t.Helper()
	for _, program := range []string{"munged", "slurmctld", "slurmd", "sbatch"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%v: install Slurm and MUNGE (with Debian, apt-get install slurm-wlm munge)", err)
		}
	}
	e := newEngine(t)
	t.Cleanup(e.stop)
	e.variables = append(e.variables, "SLURM_CONF="+e.at("slurm.conf"))

	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	e.write("slurm.conf", fmt.Sprintf(slurmConfiguration, e.dir, host, me.Username, freePort(t),
		freePort(t), freePort(t)), 0o644)
	for _, dir := range []string{"state", "spool-n1", "spool-n2"} {
		if err := os.Mkdir(e.at(dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	e.write("munge/key", rand.Text()+rand.Text()+rand.Text(), 0o400)

	socket := e.at("munge", "socket")
	e.daemon("", "munged", "--foreground", "--force", "--key-file="+e.at("munge", "key"),
		"--socket="+socket,
		"--pid-file="+e.at("munge", "pid"), "--log-file="+e.at("munge", "log"),
		"--seed-file="+e.at("munge", "seed"))
	e.await("munged to listen", 10*time.Second, func() bool {
		_, err := os.Stat(socket)
		return err == nil
	})
	e.daemon("", "slurmctld", "-D", "-c")
	e.daemon("n1", "slurmd", "-D", "-c", "-N", "n1")
	e.daemon("n2", "slurmd", "-D", "-c", "-N", "n2")
	e.await("the nodes to be idle", 30*time.Second, func() bool {
		out, err := e.command("sinfo", "-h", "-N", "-o", "%t").Output()
		return err == nil && string(out) == "idle\nidle\n"
	})
	return e
}

// TestSlurm runs a sweep on a real Slurm, kills a task, takes a node away, and
// compares the tables with those of a sweep on one machine.
func TestSlurm(t *testing.T) {
	if !*slurm {
		t.Skip("a Slurm is started under -slurm")
	}
	e := startSlurm(t)
	step := stopwatch(t)
	// Slurm parses paths in its own way: check that it finds this one.
	budget, alone, shared := filepath.Join(odd, "budget"), e.at(odd, "alone"), e.at(odd, "shared")
	e.build(budget, "../..", "./cmd/budget")
	plan, err := filepath.Abs("testdata/plan.toml")
	if err != nil {
		t.Fatal(err)
	}
	e.output(e.at(budget), "sweep", plan, "-o", alone, "--kernel", "portable", "--quiet")
	step("tables made on one machine")

	worker := func(shard int, node string) int {
		return e.worker("SLURM_ARRAY_TASK_ID", shard, "SLURMD_NODENAME="+node)
	}
	idle := func() bool { return e.output("squeue", "-h") == "" }
	// expect checks the state of an array's task in Slurm.
	expect := func(array string, shard int, state string, restarts int) {
		t.Helper()
		job := e.output("scontrol", "-o", "show", "job", fmt.Sprintf("%s_%d", array, shard))
		if !strings.Contains(job, "JobState="+state+" ") ||
			!strings.Contains(job, fmt.Sprintf("Restarts=%d ", restarts)) {
			t.Errorf("shard %d is not %s after %d restarts:\n%s", shard, state, restarts, job)
		}
	}
	// submit returns the id of the array's job when its first tasks run.
	submit := func() string {
		t.Helper()
		t.Log(e.output(e.at(budget),
			append([]string{"sweep", plan, "-o", shared, "--slurm", "--submit", "--shards", "4",
				"--sbatch", "--comment=" + odd}, slowly...)...))
		e.await("shards 0 and 1 to run", 20*time.Second,
			func() bool { return worker(0, "n1") != 0 && worker(1, "n2") != 0 })
		return strings.Fields(e.output("squeue", "-h", "-t", "RUNNING", "-o", "%F"))[0]
	}

	array := submit()
	e.output("scancel", array)
	e.await("the queue to be empty", 20*time.Second, idle)
	for shard := range 4 {
		expect(array, shard, "CANCELLED", 0)
	}
	step("a sweep is cancelled, and stays so")

	array = submit()
	killAll(worker(0, "n1"))
	step("the worker of shard 0 is killed")
	e.await("shard 2 to run", 30*time.Second, func() bool { return worker(2, "n1") != 0 })
	e.output("scancel", "--batch", "--signal=USR1", array+"_2")
	step("shard 2 is told that its time is up")
	killAll(append(e.processes(ofNode+"n2"), e.processes("SLURMD_NODENAME=n2")...)...)
	step("node n2 is lost, with the worker of shard 1")
	e.await("the queue to be empty", 2*time.Minute, idle)
	step("the queue is empty")

	for shard, restarts := range []int{1, 1, 1, 0} {
		expect(array, shard, "COMPLETED", restarts)
	}
	for shard, said := range map[int]string{0: "exit code 137: to be started again, 1 of 3",
		2: "exit code 75: to be started again, 1 of 3"} {
		log, err := os.ReadFile(filepath.Join(shared, "slurm", fmt.Sprintf("task-%d.log", shard)))
		if err != nil || !strings.Contains(string(log), said) {
			t.Errorf("the log of shard %d does not say %q: %v\n%s", shard, said, err, log)
		}
	}
	compareTables(t, shared, alone)
}
