// Package sessioncaps writes caps by what an app observes at the start of a session, in
// forms that an app can read: JSON, a property list and Swift source. All three have the
// same whole numbers of seconds, never rounded up. The same caps give the same bytes.
//
// docs/export.md explains the entries and docs/session-caps.schema.json is the schema of
// the JSON form; the property list has the same keys.
//
// Package sweep/starts finds the caps.
package sessioncaps
