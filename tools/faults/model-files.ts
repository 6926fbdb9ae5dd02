/**
 * Changes model files at random, loads and uses what is left of them, and counts what happens. Every change is a
 * function of the seed and its number, which `--only` does again.
 *
 *     npx tsx --conditions=@posttrain/source tools/faults/model-files.ts --count 3000 --seed 1 [--folder PATH] [--only N]
 *
 * Ends with 1 if anything was untyped, slow or large.
 */
import { parseArgs } from 'node:util'
import { createWasmDevice } from '@posttrain/compute'
import { attempt, type Attempt } from './model-files/attempt.js'
import { subjects } from './model-files/subjects.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    folder: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
  },
})

const faults: Readonly<Record<string, (attempt: Attempt) => boolean>> = {
  untyped: ({ outcome }) => outcome === 'untyped',
  slow: ({ seconds }) => seconds > 2,
  large: ({ bytes }) => bytes > 500e6,
}

const device = await createWasmDevice()
const all = await subjects(values.folder)
const numbers = values.only ? [Number(values.only)] : Array.from({ length: Number(values.count) }, (_, i) => i)
const counts: Record<string, number> = { accepted: 0, typed: 0, untyped: 0, slow: 0, large: 0 }
for (const number of numbers) {
  const one = await attempt(device, all, Number(values.seed), number)
  counts[one.outcome]!++
  const found = Object.keys(faults).filter((name) => faults[name]!(one))
  for (const name of found) if (name !== one.outcome) counts[name]!++
  if (found.length > 0 || values.only) {
    console.log(`${[one.outcome, ...found].join(' ')} ${one.what}: ${one.seconds.toFixed(1)} s, ${one.bytes} bytes`)
    console.log(one.message.slice(0, 1000))
  }
}
console.log(
  `${numbers.length} changes, seed ${values.seed}: ${Object.entries(counts)
    .map((c) => c.reverse().join(' '))
    .join(', ')}`,
)
process.exitCode = Object.keys(faults).some((name) => counts[name]! > 0) ? 1 : 0
