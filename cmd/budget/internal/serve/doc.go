// Package serve is budget serve: a page on this machine, on which moving an assumption moves the
// caps.
//
//	address ─► guard (host, token, origin) ─► question (flags of budget caps) ─► package live
//
// guard.go says who may ask, question.go what is asked, answers.go what is sent, files.go what can
// be saved.
package serve
