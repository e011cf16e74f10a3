// Package report makes one page of the results of a run or a sweep: the caps first, charts,
// what the caps would be at other tolerances and confidences, and all that they rest on.
//
// Each part of the page is a file: a type that holds its texts, and a function that makes it
// from results. Package page writes it as HTML. Tables are of one type, which budget writes as
// Markdown too.
//
// The page is one file that needs no server. Without scripts it is complete but for the
// part that answers "what if". That part looks up what [New] has worked out: the inversion
// of every curve of failure at every stop of the sliders. Nothing is estimated in the page.
package report
