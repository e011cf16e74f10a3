// Package capsfile tests the files for apps against the schema that ships with the project.
package capsfile
