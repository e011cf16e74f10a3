package model

import (
	"regexp"
	"strings"
	"sync"

	"github.com/pelletier/go-toml/v2"
)

// Citation is the meaning of a tag in a source text.
type Citation struct {
	Tag  string // such as "B:2.3"
	Text string // one line
}

// tags matches the tags of a source text. One letter can stand before a list: "W:S42,S44" is
// W:S42 and W:S44.
var tags = regexp.MustCompile(`\b([WBE]:)(` + oneTag + `(?:,` + oneTag +
	`)*)|runtime-contract post`)

const oneTag = `(?:S\d+[a-z]?|\d+(?:\.\d+)?)`

// Cite returns the meanings of the tags in a source text, in the text's order. It skips tags
// that the catalog does not explain: a scenario file may have sources of its own.
func Cite(source string) []Citation {
	var citations []Citation
	for _, tag := range sourceTags(source) {
		if text, ok := citedSources()[tag]; ok {
			citations = append(citations, Citation{tag, text})
		}
	}
	return citations
}

// sourceTags returns every tag in a source text, with its letter.
func sourceTags(source string) []string {
	var found []string
	for _, match := range tags.FindAllStringSubmatch(source, -1) {
		if match[1] == "" {
			found = append(found, match[0])
			continue
		}
		for item := range strings.SplitSeq(match[2], ",") {
			found = append(found, match[1]+item)
		}
	}
	return found
}

// citedSources returns the text of every tag.
var citedSources = sync.OnceValue(func() map[string]string {
	texts := map[string]string{}
	data, err := catalog.ReadFile("catalog/sources.toml")
	if err == nil {
		err = toml.Unmarshal(data, &texts)
	}
	if err != nil {
		panic("model: the embedded catalog is broken: " + err.Error())
	}
	return texts
})
