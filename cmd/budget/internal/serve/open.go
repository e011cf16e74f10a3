package serve

import (
	"os/exec"
	"runtime"

	"budget/internal/parallel"
)

// openPage opens an address in the browser of the system.
func openPage(address string) error {
	name, args := "xdg-open", []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	parallel.Go(func() { _ = cmd.Wait() }) // a browser may run as long as this
	return nil
}
