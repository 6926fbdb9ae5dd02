import fc from 'fast-check'
import type { Task } from '@posttrain/core'
import type { Environment, Observation } from '@posttrain/sampling'
import { requireThat } from './assertions.js'
import type { AsyncLaw } from './law.js'

/** What an environment is told. */
export interface EnvironmentClaims {
  readonly task: Task
  /** What a model may say in a turn; mix what ends an episode and what does not. */
  readonly said: fc.Arbitrary<string>
  /** Turns after which an episode need not be over (default 6). */
  readonly maxTurns?: number | undefined
}

/**
 * The laws of an environment: an episode is a function of its key and of what was said, whatever other episodes do
 * beside it; observations and rewards are well formed; it can be closed at any time.
 *
 * @returns named asynchronous fast-check properties
 */
export function environmentLaws(environment: Environment, { task, said, maxTurns = 6 }: EnvironmentClaims): AsyncLaw[] {
  const turns = fc.array(said, { minLength: 1, maxLength: maxTurns })
  const keys = fc.record({ seed: fc.nat(), id: fc.constant(task.id), index: fc.nat({ max: 5 }) })
  const play = async (
    key: { seed: number; id: string; index: number },
    says: readonly string[],
  ): Promise<Observation[]> => {
    const episode = await environment.start(task, key)
    const seen: Observation[] = []
    try {
      for (const text of says) {
        const observation = await episode.step(text)
        requireWellFormed(observation)
        seen.push(observation)
        if (observation.done) break
      }
    } finally {
      await episode.close()
    }
    return seen
  }
  return [
    {
      name: `${environment.name}: an episode is a function of its key and of what was said`,
      property: fc.asyncProperty(keys, turns, turns, async (key, says, others) => {
        const alone = JSON.stringify(await play(key, says))
        const beside = await Promise.all([play(key, says), play({ ...key, index: key.index + 1 }, others)])
        requireThat(
          JSON.stringify(beside[0]) === alone,
          () => `${alone} alone, ${JSON.stringify(beside[0])} beside another`,
        )
      }),
    },
    {
      name: `${environment.name}: an episode can be closed before it is over`,
      property: fc.asyncProperty(keys, async (key) => {
        const episode = await environment.start(task, key)
        await episode.close()
      }),
    },
  ]
}

function requireWellFormed({ observation, reward, done }: Observation): void {
  const isSaid = typeof observation === 'string' || typeof observation?.content === 'string'
  requireThat(done || isSaid, () => `an observation is ${JSON.stringify(observation)}`)
  requireThat(reward === undefined || Number.isFinite(reward), () => `a reward is ${reward}`)
}
