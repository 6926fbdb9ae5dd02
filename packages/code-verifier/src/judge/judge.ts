import { lastWord } from '../engine/last-word.js'
import type { Place } from '../engine/place.js'
import type { Limits } from '../limits.js'
import type { Program } from '../program.js'
import { judgeCalls } from './judge-calls.js'
import { judgeStreams } from './judge-streams.js'
import type { Judged } from './ruling.js'

/** Where the tests and the program of one verdict run. */
export interface Places {
  readonly suite: Place
  readonly program: Place
}

/** Judges one program by its tests. */
export function judge(places: Places, { code, tests }: Program, limits: Limits): Promise<Judged> {
  return lastWord(places.program, async (next) => {
    if ('streams' in tests) return judgeStreams(next, code, tests, limits)
    const [suite, program] = await Promise.all([places.suite.take(false), next()])
    return judgeCalls(suite.interpreter, program, code, tests, limits)
  })
}
