package optimize

import "budget/cmd/budget/internal/inputs"

// optimizeFlags are the flags of budget optimize.
type optimizeFlags struct{ *inputs.Options }
