/**
 * Makes hostile logs, reads and evaluates them, and counts what happens. Every log is a function of the seed and its
 * number, which `--only` makes again; every so many also go through the command itself.
 *
 *     npx tsx --conditions=@posttrain/source tools/faults/logs.ts --count 500 --seed 1 [--commands 5] [--only N]
 *
 * Ends with 1 if anything was untyped, slow or large.
 */
import { parseArgs } from 'node:util'
import { attempt, type Attempt } from './logs/attempt.js'
import { throughCommand } from './logs/through-command.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    commands: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
})

const faults: Readonly<Record<string, (attempt: Attempt) => boolean>> = {
  untyped: ({ outcome }) => outcome === 'untyped',
  slow: ({ seconds }) => seconds > 2,
  large: ({ bytes }) => bytes > 500e6,
}

const [seed, count, commands] = [values.seed, values.count, values.commands].map(Number) as [number, number, number]
const numbers = values.only ? [Number(values.only)] : Array.from({ length: count }, (_, i) => i)
const counts: Record<string, number> = { accepted: 0, typed: 0, untyped: 0, slow: 0, large: 0 }

function tally(one: Attempt): void {
  counts[one.outcome]!++
  const found = Object.keys(faults).filter((name) => faults[name]!(one))
  for (const name of found) if (name !== one.outcome) counts[name]!++
  if (found.length === 0 && !values.only) return
  console.log(`${[one.outcome, ...found].join(' ')} ${one.what}: ${one.seconds.toFixed(1)} s, ${one.bytes} bytes`)
  console.log(one.message.slice(0, 1000))
}

for (const number of numbers) tally(await attempt(seed, number))
const chosen = numbers.filter((_, i) => i % Math.ceil(numbers.length / Math.max(1, commands)) === 0).slice(0, commands)
for (const number of chosen) tally(await throughCommand(seed, number))
const said = Object.entries(counts).map(([name, n]) => `${n} ${name}`)
console.log(`${numbers.length} logs, ${chosen.length} of them by the command too, seed ${seed}: ${said.join(', ')}`)
process.exitCode = Object.keys(faults).some((name) => counts[name]! > 0) ? 1 : 0
