package page

import _ "embed"

//go:embed assets/report.js
var script string

//go:embed assets/report.css
var style string
