package report

// Markup is HTML, SVG or CSS that the page holds as it stands. Every text in it is escaped already.
// All other texts of a report are escaped by the page.
type Markup string
