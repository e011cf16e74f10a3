# The cumulative incidence of the ends of sessions (Aalen-Johansen) at 6, 15 and 30 min, from a log.
library(survival)
log <- read.csv(commandArgs(trailingOnly = TRUE)[1])
end <- factor(log$end, levels = c("completed", "error", "resigned", "stopped"))
fit <- survfit(Surv(log$actual_min, end) ~ 1)
print(summary(fit, times = c(6, 15, 30))$pstate)
