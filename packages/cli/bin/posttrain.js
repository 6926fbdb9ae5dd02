#!/usr/bin/env node
// Most of the time until the command can act on a signal is that of loading it. It has done nothing by then.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
const stop = () => process.exit(130)
for (const signal of signals) process.on(signal, stop)
await import('../dist/program.js')
for (const signal of signals) process.off(signal, stop)
await import('../dist/main.js')
