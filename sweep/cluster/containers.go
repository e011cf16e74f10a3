package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// object is one of JSON's, with its keys in the order of the alphabet.
type object = map[string]any

// document returns a file of JSON.
func document(name string, o object) File {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(o); err != nil {
		panic(err) // there is nothing in it that JSON cannot say
	}
	return File{Path: name, Text: b.String()}
}

// unexpanded returns a command that a container runs as it is, where engines
// replace $(NAME) by a variable and $$ by $.
func unexpanded(command []string) []string {
	out := make([]string, len(command))
	for i, word := range command {
		out[i] = strings.ReplaceAll(word, "$", "$$")
	}
	return out
}

// checkImage refuses what no image is called.
func checkImage(image string) error {
	if image == "" || strings.ContainsAny(image, " \t\n") {
		return fmt.Errorf(
			"the image is %q: name one that has the program in it, such as registry.example/budget:1", image)
	}
	return nil
}

// checkMount refuses a directory of results that would be lost with its container.
func checkMount(mount, directory string) error {
	if err := checkPath("mounted volume", mount); err != nil {
		return err
	}
	if inside := path.Clean(mount); inside == "/" ||
		!strings.HasPrefix(path.Clean(directory)+"/", inside+"/") {
		return fmt.Errorf("the directory %q is not on the volume, which is mounted at %q: its results "+
			"would be lost with the container", directory, mount)
	}
	return nil
}
