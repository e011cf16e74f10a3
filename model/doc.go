// Package model holds the model of watches and sessions: the catalog of
// devices, session types, environments, workloads and policies; scenario files
// that override it; and the physics and policy as small pure functions.
//
// Values are in SI units: seconds, joules, watts, coulombs, ohms; temperatures
// are in degrees Celsius. The quantity types read and write other units. Every
// quantity of the catalog has its evidence and its source; many are marked as
// assumptions.
//
// The package refuses scenario files with unknown keys, bare numbers where a
// unit is needed, wrong dimensions and values out of range, and reports all
// problems of a file at once with their places. It knows nothing of random
// numbers, estimation, terminals or the clock. Package solver is above it;
// package document, which reads TOML with places, go-toml and gonum are below.
package model
