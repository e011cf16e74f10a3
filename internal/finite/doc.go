// Package finite writes JSON. JSON has no NaN and no infinity: numbers that are not finite, which
// stand for missing values, are null. Everything else is as package encoding/json writes it.
package finite
