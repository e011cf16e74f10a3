// Package planning draws what planners ask of caps beside the kinds of package plots: the cap
// along one axis, with categories and months too; the sessions that still run, with their numbers;
// caps by what an app observes at the start; what two sweeps differ by; and how often sessions of a
// log fail against what a scenario predicts. Titles state findings.
package planning
