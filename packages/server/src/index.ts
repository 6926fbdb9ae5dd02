export * from './listen.js'
export type { AskedProgram, AskedRun, ProgramRunner } from './program-runner.js'
export type { Refusal, RefusalStatus } from './refusal.js'
export * from './reward-server.js'
