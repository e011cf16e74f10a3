package cli

import "github.com/spf13/pflag"

// addGlobal adds the flags that every command has.
func addGlobal(fs *pflag.FlagSet) {
	addVerbose(fs)
	addConfig(fs)
	fs.BoolP("help", "h", false, "show this help")
}

const verboseFlag = "verbose"

// addVerbose adds the flag -v.
func addVerbose(fs *pflag.FlagSet) {
	fs.BoolP(verboseFlag, "v", false, "say on standard error what is read, where defaults of flags come "+
		"from, how many paths are done, and how long each stage takes")
	present(fs, verboseFlag)
}

// configFlag names the file with defaults of flags, configVariable the environment variable that
// does.
const (
	configFlag     = "config"
	configVariable = "BUDGET_CONFIG"
)

// addConfig adds the flag for the file with defaults of flags.
func addConfig(fs *pflag.FlagSet) {
	fs.String(configFlag, "", "read defaults of flags from this `file` (default: budget/config.toml in "+
		"$XDG_CONFIG_HOME or ~/.config)")
	present(fs, configFlag)
}
