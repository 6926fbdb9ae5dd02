import { PosttrainError, type Estimate } from '@posttrain/core'
import { compareLogs, evaluateLog, readLog } from '@posttrain/logs'
import { hostileLog, type HostileLog } from './hostile-log.js'

/** What became of a hostile log. */
export interface Attempt {
  readonly what: string
  readonly outcome: 'accepted' | 'typed' | 'untyped'
  /** The error, if there was one. */
  readonly message: string
  /** Of processor time: the clock also counts what else the machine does. */
  readonly seconds: number
  /** By which the most memory that the process ever had has grown. */
  readonly bytes: number
}

/** Controls, marks of direction, characters without width and halves. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/u
const LONGEST = 2_000

const highWater = (): number => process.resourceUsage().maxRSS * 1024

/** Reads one hostile log, evaluates it and compares it with itself. */
export async function attempt(seed: number, number: number): Promise<Attempt> {
  const log = hostileLog(seed, number)
  const [cpu, memory] = [process.cpuUsage(), highWater()]
  const { outcome, message } = await outcomeOf(() => use(log))
  const { user, system } = process.cpuUsage(cpu)
  return {
    what: `${number}: ${log.what}`,
    outcome,
    message,
    seconds: (user + system) / 1e6,
    bytes: highWater() - memory,
  }
}

async function use({ bytes, asked }: HostileLog): Promise<void> {
  const { system, objectives, ...rules } = asked
  const log = await readLog(
    { name: 'hostile.jsonl', bytes: blocks(bytes) },
    { where: system === undefined ? {} : { system } },
  )
  const { measured, curve } = evaluateLog(log, { ...rules, objectives })
  for (const { estimate } of [...measured, ...curve]) requireSense(estimate)
  const objective = objectives?.[0] ?? 'pass@1'
  const { a, b, difference } = compareLogs(log, log, { ...rules, objective })
  ;[a, b].forEach(requireSense)
  if (difference.difference !== 0) throw new Error(`a log differs from itself by ${difference.difference}`)
}

/** As a file or a pipe gives them. */
async function* blocks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}

function requireSense({ name, value, interval: { lower, upper }, tasks }: Estimate): void {
  const rounding = 1e-12 * Math.abs(value)
  const sound = Number.isFinite(value) && lower - rounding <= value && value <= upper + rounding && tasks >= 2
  if (!sound) throw new Error(`${name} is ${value}, from ${lower} to ${upper}, of ${tasks} tasks`)
}

async function outcomeOf(work: () => Promise<void>): Promise<Pick<Attempt, 'outcome' | 'message'>> {
  try {
    await work()
    return { outcome: 'accepted', message: '' }
  } catch (error) {
    if (!(error instanceof PosttrainError)) {
      return { outcome: 'untyped', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
    }
    const said = `${error.message}${error.hint ?? ''}`
    const tame = said.length <= LONGEST && !UNSEEN.test(said)
    return { outcome: tame ? 'typed' : 'untyped', message: error.message }
  }
}
