// Package sessioncaps writes caps by what an app observes at the start of a session in
// forms that an app can read: JSON, a property list and Swift source. All three hold the
// same whole numbers of seconds, never rounded up, and the same bytes for the same caps.
//
// docs/export.md says what the entries mean and docs/session-caps.schema.json what the
// JSON form may hold; the property list has the same keys.
//
// It refuses to find caps: package sweep/starts below does. Package caps above prints them.
package sessioncaps
