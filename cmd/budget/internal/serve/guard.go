package serve

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"strings"

	"budget/plots/live"
)

// guard lets a request through only if it comes from the page itself: to this machine by its
// loopback address, with the token, and from no other page. Browsers send Host, Origin and
// Sec-Fetch-Site by themselves; no page can set them.
type guard struct {
	hosts   []string // that the page may be addressed by
	token   string
	through http.Handler
	asking  chan struct{} // holds one token for each request in progress
}

// mostAsking is the largest number of requests in progress.
const mostAsking = 32

// newToken returns a token that nobody can guess.
func newToken() (string, error) {
	b := make([]byte, 18)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// newGuard guards a handler on a port of the loopback address.
func newGuard(port, token string, through http.Handler) *guard {
	return &guard{token: token, through: through, asking: make(chan struct{}, mostAsking),
		hosts: []string{net.JoinHostPort("127.0.0.1", port), net.JoinHostPort("localhost", port)}}
}

// policy is the content policy of the page: its own script, style and answers, and nothing else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// asks is the header that the page's script sends; brief is its value where only the cap is wanted.
// No other page can send it without asking first (CORS), and that is refused.
const (
	asks  = "X-Budget"
	brief = "brief"
)

func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for _, header := range [][2]string{{"Content-Security-Policy", policy},
		{"X-Content-Type-Options", "nosniff"}, {"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"}, {"Cross-Origin-Opener-Policy", "same-origin"},
		{"X-Frame-Options", "DENY"}, {"Cache-Control", "no-store"}} {
		h.Set(header[0], header[1])
	}
	if status, why := g.refuses(r); status != 0 {
		http.Error(w, "budget serve: "+why, status)
		return
	}
	select {
	case g.asking <- struct{}{}:
		defer func() { <-g.asking }()
	default:
		http.Error(w, "budget serve: too many requests at the same time", http.StatusServiceUnavailable)
		return
	}
	http.StripPrefix("/"+g.token, g.through).ServeHTTP(w, r)
}

// refuses returns the status and the reason if a request is refused, else 0.
func (g *guard) refuses(r *http.Request) (status int, why string) {
	known := false
	for _, host := range g.hosts {
		known = known || r.Host == host
	}
	if !known {
		return http.StatusForbidden, "this page is at " + g.hosts[0] + " only"
	}
	if r.Method != http.MethodGet {
		return http.StatusMethodNotAllowed, "pages are read with GET"
	}
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if subtle.ConstantTimeCompare([]byte(token), []byte(g.token)) != 1 {
		return http.StatusForbidden, "the address has no token, or that of another run: open the address " +
			"that budget serve printed; all after the ? can be copied to it"
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return http.StatusForbidden, "another page asks"
	}
	site, page := r.Header.Get("Sec-Fetch-Site"), rest == ""
	switch {
	case page && r.Header.Get("Sec-Fetch-Dest") != "" && r.Header.Get("Sec-Fetch-Dest") != "document":
		return http.StatusForbidden, "the page is not part of another"
	case !page && site != "" && site != "same-origin":
		return http.StatusForbidden, "another page asks"
	case !page && !isAsset(rest) && r.Header.Get(asks) == "":
		return http.StatusForbidden, "only the page itself asks this"
	}
	return 0, ""
}

// isAsset reports whether a path is that of a part of the page, which its address alone can load.
func isAsset(path string) bool { _, ok := live.Assets()[path]; return ok }
