// Package model holds what budget knows of watches: the catalog of devices,
// session types, environments, workloads and policies; scenario files that
// override it; and the physics and policy as small pure functions.
//
// Values are SI inside: seconds, joules, watts, coulombs, ohms, degrees Celsius
// for temperatures. Units exist only in text, at the border, through the
// quantity types. Every quantity of the catalog carries its evidence and its
// source; many are assumptions, and say so.
//
// The package refuses scenario files with unknown keys, bare numbers where a
// unit is needed, wrong dimensions and values out of range, and reports all
// problems of a file at once with their places. It knows nothing of random
// numbers, estimation, terminals or the clock. Package solver is above it;
// package document, which reads TOML with places, go-toml and gonum are below.
package model
