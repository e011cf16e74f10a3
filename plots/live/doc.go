// Package live makes the page of budget serve: what moves on the left, what follows on the right.
//
// A Board is the page as it is first sent. A Screen holds all that the page shows of one answer,
// as text: the page's script paints it and computes no number of its own but the difference of
// two caps. So the page says what the commands print. Controls say what can be moved, with units,
// ranges and evidence.
//
// The script and the style in assets are made from plots/report/web, with those of the report; a
// test of package page repeats that and compares.
package live
