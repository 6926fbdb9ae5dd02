import { availableParallelism } from 'node:os'
import { codeReward, codeVerifier, type Language } from '@posttrain/code-verifier'
import { invalidArgument, shown, type RewardFunction } from '@posttrain/core'
import { mathReward, numberReward } from '@posttrain/math-verifier'
import { game24SolutionReward } from '@posttrain/recipes'
import { moduleReward, type ChosenReward } from './module-reward.js'

/** A reward that has a name on the command line. */
interface NamedReward {
  /** What it judges, for the help. */
  readonly title: string
  /** @param concurrency how many rows it is asked of at the same time */
  readonly make: (concurrency: number) => RewardFunction
}

const programs = (language: Language, name: string): NamedReward => ({
  title: `the ${name} program in the response passes the tests of the row`,
  make: (concurrency) =>
    codeReward({
      language,
      verifier: codeVerifier({ concurrency: Math.min(concurrency, availableParallelism()) }),
    }),
})

/** The rewards that `--reward` takes by name; any other is a module. */
export const SCORE_REWARDS: Readonly<Record<string, NamedReward>> = {
  number: { title: 'the last number of the response equals the reference, exactly', make: () => numberReward() },
  math: { title: 'the answer of the response equals the reference, in LaTeX or plain', make: () => mathReward() },
  python: programs('python', 'Python'),
  javascript: programs('javascript', 'JavaScript'),
  game24: { title: 'an expression or trace makes 24 of the numbers of the reference', make: game24SolutionReward },
}

/**
 * The reward of a name, or of a module.
 *
 * @param name for instance `math` or `./reward.js`
 * @throws PosttrainError `invalid-argument` for a name that is not known; otherwise as `moduleReward`
 */
export async function chosenReward(name: string, concurrency: number): Promise<ChosenReward> {
  const named = Object.hasOwn(SCORE_REWARDS, name) ? SCORE_REWARDS[name] : undefined
  if (named !== undefined) return { reward: named.make(concurrency), source: name }
  if (/[./\\]/.test(name)) return moduleReward(name)
  const known = Object.keys(SCORE_REWARDS).join(', ')
  throw invalidArgument(`there is no reward ${shown(name)}`, `choose ${known}, or a module such as ./reward.js`)
}
