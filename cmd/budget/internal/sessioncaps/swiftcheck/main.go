// Swiftcheck parses Swift source from standard input with the grammar of tree-sitter and
// says where it is no Swift; it leaves with 1 then. TestSwiftParses runs it.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/swift"
)

func main() {
	log.SetFlags(0)
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	tree, err := sitter.ParseCtx(context.Background(), source, swift.GetLanguage())
	if err != nil {
		log.Fatal(err)
	}
	if !tree.HasError() {
		return
	}
	report(tree)
	os.Exit(1)
}

// report names the innermost places that do not fit the grammar.
func report(n *sitter.Node) {
	if n.IsError() || n.IsMissing() {
		at := n.StartPoint()
		fmt.Printf("%d:%d: %s\n", at.Row+1, at.Column+1, n.String())
		return
	}
	for i := range int(n.ChildCount()) {
		if child := n.Child(i); child.HasError() || child.IsMissing() {
			report(child)
		}
	}
}
