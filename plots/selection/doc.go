// Package selection chooses from the results of a run or a sweep what a chart or a page
// shows: the cells of one session type, a few of the levels of a column, a tolerance, a
// reading. What is not shown is held at the middle of its levels, and said to be.
//
// It draws nothing: packages plots and report do, above.
package selection
