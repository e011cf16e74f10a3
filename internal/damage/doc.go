// Package damage changes files for tests as a fault or an edit may. The files stay well formed,
// with right checksums, so a reader must look at what they say.
package damage
