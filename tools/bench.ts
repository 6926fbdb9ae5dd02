// npm run bench -- <name>: runs one of the benchmarks below and prints JSON lines and a table.
const benches: Readonly<Record<string, () => Promise<void>>> = {
  'code-verifier': async () => (await import('./bench/code-verifier.js')).run(),
  compute: async () => (await import('./bench/compute.js')).run(),
  estimators: async () => (await import('./bench/estimators.js')).run(),
  'math-verifier': async () => (await import('./bench/math-verifier.js')).run(),
  'procedure-server': async () => (await import('./bench/procedure-server.js')).run(),
  'reward-server': async () => (await import('./bench/reward-server.js')).run(),
  sampling: async () => (await import('./bench/sampling.js')).run(),
}

const [name = ''] = process.argv.slice(2)
const bench = benches[name]
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(benches).join('|')}\n`)
  process.exit(2)
}
await bench()
