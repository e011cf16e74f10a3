// Package stamp reads time stamps as apps, spreadsheets and HealthKit write them.
package stamp
