import { invalidArgument } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { majorityObjective } from './majority-at-k.js'
import { maxAtKObjective } from './max-at-k.js'
import { meanObjective } from './mean.js'
import { passAtKObjective } from './pass-at-k.js'

const withK: Readonly<Record<string, (k: number) => Objective>> = {
  pass: (k) => passAtKObjective({ k }),
  max: (k) => maxAtKObjective({ k }),
  maj: (k) => majorityObjective({ k }),
}

/**
 * The objective a name stands for, with default baselines and vote rules.
 *
 * @param name `mean`, `pass@K`, `max@K` or `maj@K`, K a positive integer
 * @throws PosttrainError `invalid-argument` naming the accepted forms
 * @example
 * ```ts
 * parseObjective('pass@8').k // => 8
 * ```
 */
export function parseObjective(name: string): Objective {
  if (name === 'mean') return meanObjective()
  const [, kind = '', k = ''] = /^([a-z]+)@([1-9]\d{0,8})$/.exec(name) ?? []
  const make = Object.hasOwn(withK, kind) ? withK[kind] : undefined
  if (make === undefined) {
    throw invalidArgument(
      `the objective '${name}' is unknown`,
      'use mean, pass@K, max@K or maj@K, where K is the number of samples, for instance pass@8',
    )
  }
  return make(Number(k))
}
