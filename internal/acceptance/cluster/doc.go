// Package cluster tests that Kubernetes reads from the manifests what they are to say.
package cluster
