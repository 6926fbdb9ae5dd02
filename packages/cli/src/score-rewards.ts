import { availableParallelism } from 'node:os'
import { codeReward, codeVerifier, type CodeVerifier, type Language } from '@posttrain/code-verifier'
import { invalidArgument, shown, type RewardFunction } from '@posttrain/core'
import { mathReward, numberReward } from '@posttrain/math-verifier'
import { game24SolutionReward } from '@posttrain/recipes'
import { moduleReward } from './module-reward.js'

/** A reward that was chosen on the command line. */
export interface ChosenReward {
  readonly reward: RewardFunction
  /** What it is made of: another text means that other rewards may come. */
  readonly source: string
  /** How many samples it is asked of at the same time. */
  readonly concurrency: number
  /** What runs the programs that it judges, if it judges programs. */
  readonly programs?: CodeVerifier | undefined
}

/** A reward that has a name on the command line. */
interface NamedReward {
  /** What it judges, for the help. */
  readonly title: string
  /** @param concurrency how many rows it is asked of at the same time */
  readonly make: (concurrency: number) => Omit<ChosenReward, 'source'>
}

const named = (title: string, make: () => RewardFunction): NamedReward => ({
  title,
  make: (concurrency) => ({ reward: make(), concurrency }),
})

/** Each program takes a processor, so that no more of them run at the same time. */
const programs = (language: Language, name: string): NamedReward => ({
  title: `the ${name} program in the response passes the tests of the row`,
  make(asked) {
    const concurrency = Math.min(asked, availableParallelism())
    const verifier = codeVerifier({ concurrency })
    return { reward: codeReward({ language, verifier }), concurrency, programs: verifier }
  },
})

/** The rewards that `--reward` takes by name; any other is a module. */
export const SCORE_REWARDS: Readonly<Record<string, NamedReward>> = {
  number: named('the last number of the response equals the reference, exactly', numberReward),
  gsm8k: named('the same as number; references may be worked solutions that end in #### 42', numberReward),
  math: named('the answer of the response equals the reference, in LaTeX or plain', mathReward),
  python: programs('python', 'Python'),
  javascript: programs('javascript', 'JavaScript'),
  game24: named('an expression or trace makes 24 of the numbers of the reference', game24SolutionReward),
}

/**
 * The reward of a name, or of a module.
 *
 * @param name for instance `math` or `./reward.js`
 * @throws PosttrainError `invalid-argument` for a name that is not known; otherwise as `moduleReward`
 */
export async function chosenReward(name: string, concurrency: number): Promise<ChosenReward> {
  const known = Object.hasOwn(SCORE_REWARDS, name) ? SCORE_REWARDS[name] : undefined
  if (known !== undefined) return { ...known.make(concurrency), source: name }
  if (/[./\\]/.test(name)) return { ...(await moduleReward(name)), concurrency }
  const names = Object.keys(SCORE_REWARDS).join(', ')
  throw invalidArgument(`there is no reward ${shown(name)}`, `choose ${names}, or a module such as ./reward.js`)
}
