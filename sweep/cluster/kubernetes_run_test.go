//go:build linux

package cluster

import (
	"archive/tar"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

var kubernetes = flag.Bool("kubernetes", false, "run a sweep on a Kubernetes of its own, with "+
	"faults: ten minutes when it is built for the first time, else two")

// kubernetesPrograms are built from the module in directory kubernetes.
var kubernetesPrograms = []string{"kube-apiserver", "kube-controller-manager", "kube-scheduler",
	"kubelet", "kubectl"}

// kernelSettings are the kernel settings that a kubelet changes.
var kernelSettings = []string{"vm/overcommit_memory", "kernel/panic", "kernel/panic_on_oops"}

// startKubernetes starts a control plane and two nodes. It needs to be root, to run
// containers.
func startKubernetes(t *testing.T) *engine {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can run containers")
	}
	for _, program := range []string{"etcd", "containerd", "ctr", "runc"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%v: install etcd, containerd and runc (with Debian, apt-get install etcd-server "+
				"containerd runc)", err)
		}
	}
	step := stopwatch(t)
	e := newEngine(t)
	programs := buildKubernetes(e)
	step("Kubernetes is built")
	e.restoreKernel()
	t.Cleanup(func() {
		killAll(e.processes()...)
		e.unmount()
		e.unlink()
		e.stop()
		removeControlGroups(t)
	})

	url := func(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
	clients, peers, api := url(freePort(t)), url(freePort(t)), freePort(t)
	token := rand.Text()
	e.write("tokens.csv", token+",admin,admin,system:masters\n", 0o600)
	e.writeKeys("sa")
	e.writeJSON("kubeconfig", object{
		"apiVersion": "v1", "kind": "Config", "current-context": "test",
		"clusters": []object{{"name": "test",
			"cluster": object{"server": fmt.Sprintf("https://127.0.0.1:%d", api),
				"insecure-skip-tls-verify": true}}},
		"users":    []object{{"name": "admin", "user": object{"token": token}}},
		"contexts": []object{{"name": "test", "context": object{"cluster": "test", "user": "admin"}}},
	})
	e.variables = append(e.variables, "KUBECONFIG="+e.at("kubeconfig"),
		"PATH="+e.at("bin")+":"+os.Getenv("PATH"))

	e.daemon("", "etcd", "--data-dir", e.at("etcd"), "--listen-client-urls", clients,
		"--advertise-client-urls", clients,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster",
		"default="+peers, "--unsafe-no-fsync")
	e.daemon("", programs["kube-apiserver"], "--etcd-servers="+clients, "--bind-address=127.0.0.1",
		"--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", api), "--cert-dir="+e.at("api"),
		"--service-cluster-ip-range=10.96.0.0/16", "--kubelet-preferred-address-types=InternalIP",
		"--endpoint-reconciler-type=none", "--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-signing-key-file="+e.at("sa.key"),
		"--service-account-key-file="+e.at("sa.pub"),
		"--token-auth-file="+e.at("tokens.csv"), "--authorization-mode=RBAC",
		"--disable-admission-plugins=ServiceAccount")
	e.await("the API server to be ready", time.Minute, func() bool {
		return e.command("kubectl", "get", "--raw", "/readyz").Run() == nil
	})
	e.daemon("", programs["kube-controller-manager"], "--kubeconfig="+e.at("kubeconfig"),
		"--leader-elect=false", "--secure-port=0",
		"--service-account-private-key-file="+e.at("sa.key"), "--node-monitor-grace-period=20s")
	e.daemon("", programs["kube-scheduler"], "--kubeconfig="+e.at("kubeconfig"),
		"--leader-elect=false", "--secure-port=0")
	step("the control plane runs")

	e.build("pause", "kubernetes", "./pause")
	e.build("budget", "../..", "./cmd/budget")
	for _, node := range []string{"n1", "n2"} {
		e.startNode(node, programs["kubelet"])
	}
	e.await("the nodes to be ready", time.Minute, func() bool {
		out, err := e.command("kubectl", "get", "nodes", "--no-headers").Output()
		return err == nil && strings.Count(string(out), " Ready ") == 2
	})
	step("the nodes are ready")
	return e
}

// startNode starts a node, which has the images localhost/budget and
// localhost/pause.
func (e *engine) startNode(name, kubelet string) {
	e.Helper()
	// Pods use the machine's network, but containerd requires a configuration.
	e.write(name+"/cni/loopback.conflist",
		`{"cniVersion": "0.3.1", "name": "none", "plugins": [{"type": "loopback"}]}`, 0o644)
	socket := e.at(name, "containerd.sock")
	e.write(name+"/containerd.toml", fmt.Sprintf(`version = 2
root = %[1]q
state = %[2]q
[grpc]
address = %[3]q
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
disable_apparmor = true
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
conf_dir = %[4]q
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
SystemdCgroup = false
`, e.at(name, "root"), e.at(name, "state"), socket, e.at(name, "cni")), 0o644)
	e.daemon(name, "containerd", "--config", e.at(name, "containerd.toml"))
	e.await("containerd to answer", 30*time.Second, func() bool {
		return e.command("ctr", "-a", socket, "version").Run() == nil
	})
	for _, image := range []string{"budget", "pause"} {
		e.writeImage(image)
		e.output("ctr", "-a", socket, "-n", "k8s.io", "images", "import", e.at(image+".tar"))
	}
	e.writeJSON(name+"/kubelet.json", object{
		"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration",
		"port": freePort(e.T), "healthzPort": 0,
		"authentication": object{"anonymous": object{"enabled": true},
			"webhook": object{"enabled": false}},
		"authorization":            object{"mode": "AlwaysAllow"},
		"containerRuntimeEndpoint": "unix://" + socket,
		"cgroupDriver":             "cgroupfs", "cgroupsPerQOS": false,
		"enforceNodeAllocatable": []string{},
		"failSwapOn":             false, "makeIPTablesUtilChains": false,
		"evictionHard": object{"memory.available": "1Mi", "nodefs.available": "0%",
			"imagefs.available": "0%"},
		"podLogsDir":      e.at(name, "logs"),
		"volumePluginDir": e.at(name, "plugins"),
	})
	e.daemon(name, kubelet, "--config="+e.at(name, "kubelet.json"), "--kubeconfig="+e.at("kubeconfig"),
		"--root-dir="+e.at(name, "kubelet"), "--cert-dir="+e.at(name, "pki"), "--hostname-override="+name)
}

// buildKubernetes builds the programs and returns where they are.
func buildKubernetes(e *engine) map[string]string {
	e.Helper()
	found := map[string]string{}
	if err := os.Mkdir(e.at("bin"), 0o755); err != nil {
		e.Fatal(err)
	}
	for _, program := range kubernetesPrograms {
		// The go command keeps a tool that it has built.
		cmd := exec.Command("go", "tool", "-n", program)
		cmd.Dir = "kubernetes"
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOEXPERIMENT=")
		out, err := cmd.Output()
		if err != nil {
			e.Fatalf("go tool -n %s: %v", program, err)
		}
		found[program] = strings.TrimSpace(string(out))
		if err := os.Symlink(found[program], e.at("bin", program)); err != nil {
			e.Fatal(err)
		}
	}
	return found
}

// writeImage makes an image of a static program in the format of "docker save".
func (e *engine) writeImage(program string) {
	e.Helper()
	binary, err := os.ReadFile(e.at(program))
	if err != nil {
		e.Fatal(err)
	}
	layer := archive(e.T, map[string][]byte{program: binary}, 0o755)
	config, err := json.Marshal(object{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": object{"Entrypoint": []string{"/" + program}},
		"rootfs": object{"type": "layers",
			"diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		e.Fatal(err)
	}
	manifest, err := json.Marshal([]object{{
		"Config": "config.json", "RepoTags": []string{"localhost/" + program + ":1"},
		"Layers": []string{"layer.tar"},
	}})
	if err != nil {
		e.Fatal(err)
	}
	e.write(program+".tar", string(archive(e.T, map[string][]byte{
		"config.json": config, "manifest.json": manifest, "layer.tar": layer,
	}, 0o644)), 0o644)
}

func archive(t *testing.T, files map[string][]byte, mode int64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for name, data := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(data))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (e *engine) writeJSON(name string, o any) {
	e.Helper()
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		e.Fatal(err)
	}
	e.write(name, string(text), 0o600)
}

// writeKeys writes a pair of keys.
func (e *engine) writeKeys(name string) {
	e.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		e.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		e.Fatal(err)
	}
	e.write(name+".key", string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY",
		Bytes: x509.MarshalPKCS1PrivateKey(key)})), 0o600)
	e.write(name+".pub", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})),
		0o600)
}

// restoreKernel restores the kernel settings after the test.
func (e *engine) restoreKernel() {
	for _, setting := range kernelSettings {
		path := filepath.Join("/proc/sys", setting)
		was, err := os.ReadFile(path)
		if err != nil {
			e.Fatal(err)
		}
		e.Cleanup(func() {
			if err := os.WriteFile(path, was, 0o644); err != nil {
				e.Error(err)
			}
		})
	}
}

// unmount unmounts everything in the engine's directory, the last first.
func (e *engine) unmount() {
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		e.Error(err)
	}
	lines := strings.Split(string(mounts), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if fields := strings.Fields(lines[i]); len(fields) > 1 &&
			strings.HasPrefix(fields[1], e.dir+"/") {
			if err := syscall.Unmount(fields[1], syscall.MNT_DETACH); err != nil {
				e.Errorf("%s: %v", fields[1], err)
			}
		}
	}
}

// unlink removes the links to container logs that kubelets make outside of their
// directories.
func (e *engine) unlink() {
	links, _ := filepath.Glob("/var/log/containers/*.log")
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, e.dir+"/") {
			os.Remove(link)
		}
	}
}

// removeControlGroups removes the control groups of killed containers.
func removeControlGroups(t *testing.T) {
	var groups []string
	for _, pattern := range []string{"/sys/fs/cgroup/k8s.io", "/sys/fs/cgroup/*/k8s.io"} {
		matches, _ := filepath.Glob(pattern)
		groups = append(groups, matches...)
	}
	// The processes may take a moment to end.
	for deadline := time.Now().Add(10 * time.Second); len(groups) >
		0; time.Sleep(200 * time.Millisecond) {
		groups = slices.DeleteFunc(groups, func(group string) bool {
			entries, _ := os.ReadDir(group)
			for _, entry := range entries {
				if entry.IsDir() {
					syscall.Rmdir(filepath.Join(group, entry.Name()))
				}
			}
			return syscall.Rmdir(group) == nil
		})
		if time.Now().After(deadline) {
			t.Errorf("control groups are left: %s", groups)
			return
		}
	}
}

// volume is a directory of this machine that stands for a shared volume.
func (e *engine) createVolume(name, path string) {
	e.Helper()
	e.writeJSON(name+".json", object{"apiVersion": "v1", "kind": "List", "items": []object{
		{"apiVersion": "v1", "kind": "PersistentVolume", "metadata": object{"name": name}, "spec": object{
			"capacity": object{"storage": "1Gi"}, "accessModes": []string{"ReadWriteMany"},
			"storageClassName": "",
			"hostPath":         object{"path": path},
		}},
		{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": object{"name": name},
			"spec": object{
				"resources":        object{"requests": object{"storage": "1Gi"}},
				"accessModes":      []string{"ReadWriteMany"},
				"storageClassName": "", "volumeName": name,
			}},
	}})
	e.output("kubectl", "create", "-f", e.at(name+".json"))
}

// useHostNetwork changes a manifest so that its pods use the machine's network,
// the only one here.
func (e *engine) useHostNetwork(path string) {
	e.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		e.Fatal(err)
	}
	var job object
	if err := json.Unmarshal(text, &job); err != nil {
		e.Fatal(err)
	}
	job["spec"].(object)["template"].(object)["spec"].(object)["hostNetwork"] = true
	text, err = json.Marshal(job)
	if err != nil {
		e.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		e.Fatal(err)
	}
}

// TestKubernetes runs a sweep on a real Kubernetes, kills a task, takes a node away,
// and compares the tables with those of a sweep on one machine.
func TestKubernetes(t *testing.T) {
	if !*kubernetes {
		t.Skip("a Kubernetes is started under -kubernetes")
	}
	e := startKubernetes(t)
	step := stopwatch(t)
	text, err := os.ReadFile("testdata/plan.toml")
	if err != nil {
		t.Fatal(err)
	}
	// The volume is at the same path here and in the containers.
	e.write("volume/plan.toml", string(text), 0o644)
	plan, alone, shared := e.at("volume", "plan.toml"), e.at("alone"), e.at("volume", "shared")
	e.output(e.at("budget"), "sweep", plan, "-o", alone, "--kernel", "portable", "--quiet")
	step("tables made on one machine")

	e.createVolume("results", e.at("volume"))
	e.output(e.at("budget"), append([]string{"sweep", plan, "-o", shared, "--kubernetes",
		"--shards", "4",
		"--image", "localhost/budget:1", "--claim", "results", "--mount", e.at("volume")}, slowly...)...)
	e.useHostNetwork(filepath.Join(shared, "kubernetes", "job.json"))
	e.useHostNetwork(filepath.Join(shared, "kubernetes", "merge.json"))

	worker := func(shard int, node ...string) int {
		return e.worker("JOB_COMPLETION_INDEX", shard, node...)
	}
	submit := e.command(filepath.Join(shared, "kubernetes", "submit.sh"))
	var said bytes.Buffer
	submit.Stdout, submit.Stderr = &said, &said
	if err := submit.Start(); err != nil {
		t.Fatal(err)
	}
	e.await("all shards to run", time.Minute, func() bool {
		return worker(0) != 0 && worker(1) != 0 && worker(2) != 0 && worker(3) != 0
	})
	killed := 0
	for worker(killed, ofNode+"n1") == 0 {
		killed++
	}
	killAll(worker(killed, ofNode+"n1"))
	step(fmt.Sprintf("the worker of shard %d, on node n1, is killed", killed))
	killAll(e.processes(ofNode + "n2")...)
	step("node n2 is lost")

	done := make(chan error)
	go func() { done <- submit.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("%v", err)
		}
		step("the script has come to its end")
	case <-time.After(4 * time.Minute):
		killAll(submit.Process.Pid)
		t.Errorf("the script does not come to its end")
	}
	t.Logf("%s\n%s", said.String(), e.output("kubectl", "get", "pods", "-o", "wide"))
	index := fmt.Sprintf("batch.kubernetes.io/job-completion-index=%d", killed)
	if pods := strings.Fields(e.output("kubectl", "get", "pods", "-o", "name", "-l",
		index)); len(pods) != 2 {
		t.Errorf("shard %d was to have a second pod: %s", killed, pods)
	}
	if pods := e.output("kubectl", "get", "pods", "-o", "name", "--field-selector",
		"spec.nodeName=n2"); pods == "" {
		t.Error("there was no pod on the lost node")
	}
	compareTables(t, shared, alone)
}
