export type { GateOptions } from './gate-options.js'
export type { GateReport, MetricCheck, TaskRuns } from './gate-report.js'
export * from './repeat.js'
export type { Body, Run, RunVerdict } from './run-body.js'
