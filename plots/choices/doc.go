// Package choices draws what budget optimize finds of designs: the front of the cap against a
// second goal, the price list of the knobs, and the cap over two knobs. Titles state findings,
// and call a difference one only where intervals are apart.
package choices
