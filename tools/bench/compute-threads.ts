import { NEW_TOKENS, SEQUENCES } from './compute-decoder.js'
import { median } from './median.js'
import type { Result } from './report.js'
import { startWorker } from './worker.js'

/** Two threads against one of ours, by the clock and on all processors, in rounds that alternate. */
export async function compareThreads(rounds: number): Promise<readonly Result[]> {
  const [two, one] = [
    startWorker('compute-ours.ts', { args: ['2'], pinned: false }),
    startWorker('compute-ours.ts', { args: ['1'], pinned: false }),
  ]
  const milliseconds = async (request: string): Promise<{ twos: number[]; ones: number[] }> => {
    const times = { twos: [] as number[], ones: [] as number[] }
    for (let round = -1; round < rounds; round++) {
      const [a, b] = [(await two.ask(request)) as number, (await one.ask(request)) as number]
      if (round < 0) continue
      times.twos.push(a)
      times.ones.push(b)
    }
    return times
  }
  try {
    const step = await milliseconds('stepWall')
    const decode = await milliseconds('decodeWall')
    const result = (
      bench: string,
      { twos, ones }: typeof step,
      speed: (ms: number) => number,
      unit: string,
    ): Result => ({
      bench: `${bench}, two threads`,
      ours: median(twos.map(speed)),
      peer: 'ours, one thread',
      peer_value: median(ones.map(speed)),
      ratio: median(twos.map((time, round) => speed(time) / speed(ones[round]!))),
      unit,
    })
    return [
      result('training step', step, (ms) => 1000 / ms, 'steps/s'),
      result(`decode ${SEQUENCES} × ${NEW_TOKENS}`, decode, (ms) => (1000 * SEQUENCES * NEW_TOKENS) / ms, 'tokens/s'),
    ]
  } finally {
    two.stop()
    one.stop()
  }
}
