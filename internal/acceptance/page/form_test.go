package page

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestReportIsWellFormed: every element that begins ends where it should, every id is
// there once, and every link within the page leads somewhere.
func TestReportIsWellFormed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(reported(t, reportDirectory(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range malformed(string(page)) {
		t.Error(problem)
	}
	if strings.Contains(string(page), "ZgotmplZ") {
		t.Error("a value was not fit for its place in the page")
	}
	for _, id := range []string{"answer", "charts", "what-if", "starts", "uncertain", "assumptions",
		"inputs", "overrides", "provenance", "method", "glossary"} {
		if !strings.Contains(string(page), `id="`+id+`"`) {
			t.Errorf("the page has no part %q", id)
		}
	}
}

// void elements have no end.
var void = []string{"meta", "link", "br", "hr", "img", "input"}

// malformed lists what is wrong with the structure of a page.
func malformed(page string) (problems []string) {
	var open []string
	ids := map[string]int{}
	pointed := map[string]string{}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				problems = append(problems, fmt.Sprintf("not ended: %v", open))
			}
			for id, n := range ids {
				if n > 1 {
					problems = append(problems, fmt.Sprintf("id %q stands %d times", id, n))
				}
			}
			for target, what := range pointed {
				if ids[target] == 0 {
					problems = append(problems, fmt.Sprintf("%s leads to %q, which is not there", what, target))
				}
			}
			slices.Sort(problems)
			return problems
		case html.StartTagToken:
			token := z.Token()
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
			for _, a := range token.Attr {
				switch a.Key {
				case "id":
					ids[a.Val]++
				case "for", "aria-labelledby", "aria-describedby":
					pointed[a.Val] = a.Key
				case "href":
					if target, ok := strings.CutPrefix(a.Val, "#"); ok {
						pointed[target] = a.Key
					} else {
						problems = append(problems, "a link leaves the page: "+a.Val)
					}
				case "src":
					problems = append(problems, "the page asks for "+a.Val)
				}
			}
		case html.EndTagToken:
			token := z.Token()
			if n := len(open); n == 0 || open[n-1] != token.Data {
				problems = append(problems, fmt.Sprintf("</%s> within %v", token.Data, open))
				return problems
			}
			open = open[:len(open)-1]
		}
	}
}

// TestMalformedPagesAreFound checks that the test above can fail.
func TestMalformedPagesAreFound(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`<p id="a"><b>x</p>`:                     "</p> within [p b]",
		`<p>x`:                                   "not ended: [p]",
		`<p id="a"></p><p id="a"></p>`:           `id "a" stands 2 times`,
		`<a href="#b">x</a>`:                     `href leads to "b", which is not there`,
		`<img src="x.png">`:                      "the page asks for x.png",
		`<label for="c">x</label>`:               `for leads to "c", which is not there`,
		`<a href="https://example.org">away</a>`: "a link leaves the page: https://example.org",
	} {
		if got := malformed(page); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}
