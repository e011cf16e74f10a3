package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"strings"
)

// object is a JSON object. Its keys are written in alphabetical order.
type object = map[string]any

// document returns a JSON file.
func document(name string, o object) File {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(o); err != nil {
		panic(err) // every value can be encoded
	}
	return File{Path: name, Text: b.String()}
}

// unexpanded escapes a command so that engines do not expand it: they replace
// $(NAME) by a variable and $$ by $.
func unexpanded(command []string) []string {
	out := make([]string, len(command))
	for i, word := range command {
		out[i] = strings.ReplaceAll(word, "$", "$$")
	}
	return out
}

// checkImage returns an error if the name of an image is not valid.
func checkImage(image string) error {
	if image == "" || strings.ContainsAny(image, " \t\n") {
		return fmt.Errorf(
			"the image is %q: give the name of an image with the program, such as registry.example/budget:1", image)
	}
	return checkText("image", image)
}

// checkMount returns an error if the directory of results is not on the volume.
func checkMount(mount, directory string) error {
	if err := checkPath("mounted volume", mount); err != nil {
		return err
	}
	if inside := path.Clean(mount); inside == "/" ||
		!strings.HasPrefix(path.Clean(directory)+"/", inside+"/") {
		return fmt.Errorf("the directory %q is not on the volume at %q: its results "+
			"would be lost with the container", directory, mount)
	}
	return nil
}
