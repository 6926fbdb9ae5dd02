import { createStream, type RandomStream, type UnscoredPolicy } from '@posttrain/core'
import type { TiePolicy, UnparsedPolicy } from '@posttrain/estimators'
import { damage } from './damage.js'
import { hostileRow, type Style } from './hostile-row.js'
import { happens, pick, texts } from './pools.js'

/** What is asked of a log; types say what should be given, and at times something else is. */
export interface Asked {
  readonly system: string | undefined
  readonly objectives: readonly string[] | undefined
  readonly ties: TiePolicy | undefined
  readonly unparsed: UnparsedPolicy | undefined
  readonly unscored: UnscoredPolicy | undefined
  readonly dropShort: boolean
  readonly level: number | undefined
  readonly seed: number | undefined
  readonly curve: boolean
}

/** A log and what is asked of it. */
export interface HostileLog {
  readonly bytes: Buffer
  readonly asked: Asked
  /** What was done, for whoever looks at a failure. */
  readonly what: string
}

const FAMILIES = ['pass@', 'pass^', 'max@', 'maj@', 'best-of-', 'first-passing@']
const SIZES = ['1', '1', '2', '3', '8']
const COUNTED = ['pass@', 'pass^']
const LARGE_SIZES = ['64', '1000', '1000000', '2000000000', '4503599627370496', '9007199254740991', '9007199254740993']
const WRONG_NAMES = [
  'mean',
  '',
  'pass@0',
  'pass@-1',
  'PASS@1',
  'pass@1.5',
  'pass@1e3',
  '__proto__',
  'best-of-2 by judge',
]
const LEVELS = [0.95, 0.5, 1e-12, 5e-324, 0.9999999999999999, 0, 1, -1, 95, NaN, Infinity]
const SEEDS = [0, 1, 2 ** 53 - 1, 2 ** 53, -1, 1.5, NaN]

/** The log of a seed and a number: the same for the same two. */
export function hostileLog(seed: number, number: number): HostileLog {
  const stream = createStream(seed, 'hostile logs', number)
  const style: Style = {
    shape: pick(stream, ['sample', 'sample', 'group', 'counts', 'mixed']),
    hostility: pick(stream, [0, 0.002, 0.01, 0.05, 0.2]),
    tasks: pick(stream, [1, 2, 4, 1000]),
  }
  // Many rows are hostile by their number alone.
  const many = happens(stream, 0.01)
  const rows = many ? 10_000 : 1 + stream.integer(40)
  const lines = Array.from({ length: rows }, (_, row) =>
    hostileRow(stream, many ? { ...style, hostility: 0 } : style, row),
  )
  if (happens(stream, 0.8)) lines.push(...cover(style))
  const { bytes, what } = damage(stream, lines.join('\n') + (happens(stream, 0.8) ? '\n' : ''), style.hostility)
  return { bytes, asked: asked(stream, style), what: `${rows} rows of ${JSON.stringify(style)}, ${what}` }
}

/** Rows without fault of tasks of their own, so that there is something to estimate. */
const cover = ({ shape }: Style): string[] =>
  ['x', 'y'].map((id) =>
    shape === 'counts'
      ? `{"task_id":"${id}","n":9007199254740991,"c":9007197254740991}`
      : `{"task_id":"${id}","rewards":[1,0,1,0,0,1,0,1],"answers":["1","2","1","2","3","1","2","1"]}`,
  )

function asked(stream: RandomStream, { shape, hostility }: Style): Asked {
  const wrong = (): boolean => happens(stream, hostility)
  // What a caller without types gives.
  const choice = <T extends string>(right: readonly T[]): T | undefined =>
    wrong() ? (pick(stream, texts) as T) : happens(stream, 0.5) ? undefined : pick(stream, right)
  const objective = (): string => {
    if (wrong()) return pick(stream, WRONG_NAMES)
    const large = happens(stream, shape === 'counts' ? 0.7 : 0.05)
    return pick(stream, shape === 'counts' ? COUNTED : FAMILIES) + pick(stream, large ? LARGE_SIZES : SIZES)
  }
  return {
    system: wrong() ? pick(stream, texts) : undefined,
    objectives: happens(stream, 0.3) ? undefined : Array.from({ length: 1 + stream.integer(3) }, objective),
    ties: choice(['share', 'strict', 'first']),
    unparsed: choice(['abstain', 'vote', 'wrong']),
    unscored: choice(['count-as-failure', 'exclude', 'throw']),
    dropShort: happens(stream, 0.8),
    level: wrong() ? pick(stream, LEVELS) : undefined,
    seed: wrong() ? pick(stream, SEEDS) : undefined,
    curve: happens(stream, 0.3),
  }
}
