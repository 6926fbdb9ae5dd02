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

/**
 * Judges one program. Where its interpreter broke and had run another program before, a fresh one has the last word: no
 * program answers for its predecessor.
 */
export async function judge(places: Places, program: Program, limits: Limits): Promise<Judged> {
  const first = await judgeOn(places, program, limits, false)
  return first.broken ? judgeOn(places, program, limits, true) : first
}

async function judgeOn(places: Places, { code, tests }: Program, limits: Limits, fresh: boolean): Promise<Judged> {
  let used = false
  const next = async () => {
    const taken = await places.program.take(fresh)
    used ||= taken.used
    return taken.interpreter
  }
  if ('streams' in tests) {
    const judged = await judgeStreams(next, code, tests, limits)
    return { ...judged, broken: judged.broken && used }
  }
  const [suite, interpreter] = await Promise.all([places.suite.take(false), next()])
  const judged = await judgeCalls(suite.interpreter, interpreter, code, tests, limits)
  return { ...judged, broken: judged.broken && used }
}
