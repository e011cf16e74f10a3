// The parser of TestSwiftParses, in a module of its own: it needs a C compiler, and nothing
// else has to know of it.
module budget/cmd/budget/internal/sessioncaps/swiftcheck

go 1.26

require github.com/smacker/go-tree-sitter v0.0.0-20240827094217-dd81d9e9be82
