import { availableParallelism } from 'node:os'
import type { CodeVerifier, Language } from '@posttrain/code-verifier'
import { invalidArgument, shown, type RewardFunction } from '@posttrain/core'
import { moduleReward } from './module-reward.js'

/** A reward that was chosen on the command line. */
export interface ChosenReward {
  readonly reward: RewardFunction
  /** What it is made of: another text means that other rewards may come. */
  readonly source: string
  /** How many samples it is asked of at the same time. */
  readonly concurrency: number
  /** What runs the programs that it judges, if it judges programs. */
  readonly verifier?: CodeVerifier | undefined
}

/** A reward that has a name on the command line. */
interface NamedReward {
  /** What it judges, for the help. */
  readonly title: string
  /**
   * Makes it, of a package that is loaded only then.
   *
   * @param concurrency how many rows it is asked of at the same time
   */
  readonly make: (concurrency: number) => Promise<Omit<ChosenReward, 'source'>>
}

const named = (title: string, make: () => Promise<RewardFunction>): NamedReward => ({
  title,
  make: async (concurrency) => ({ reward: await make(), concurrency }),
})

/** Each program takes a processor, so that no more of them run at the same time. */
const programs = (language: Language, name: string): NamedReward => ({
  title: `the ${name} program in the response passes the tests of the row`,
  async make(asked) {
    const { codeReward, codeVerifier } = await import('@posttrain/code-verifier')
    const concurrency = Math.min(asked, availableParallelism())
    const verifier = codeVerifier({ concurrency })
    return { reward: codeReward({ language, verifier }), concurrency, verifier }
  },
})

const number = async (): Promise<RewardFunction> => (await import('@posttrain/math-verifier')).numberReward()
const math = async (): Promise<RewardFunction> => (await import('@posttrain/math-verifier')).mathReward()
const game24 = async (): Promise<RewardFunction> => (await import('@posttrain/recipes')).game24SolutionReward()

/** The rewards that `--reward` takes by name; any other is a module. */
export const SCORE_REWARDS: Readonly<Record<string, NamedReward>> = {
  number: named('the last number of the response equals the reference, exactly', number),
  gsm8k: named('the same as number; references may be worked solutions that end in #### 42', number),
  math: named('the answer of the response equals the reference, in LaTeX or plain', math),
  python: programs('python', 'Python'),
  javascript: programs('javascript', 'JavaScript'),
  game24: named('an expression or trace makes 24 of the numbers of the reference', game24),
}

/**
 * The reward of a name, or of a module.
 *
 * @param name for instance `math` or `./reward.js`
 * @throws PosttrainError `invalid-argument` for a name that is not known; otherwise as `moduleReward`
 */
export async function chosenReward(name: string, concurrency: number): Promise<ChosenReward> {
  const known = Object.hasOwn(SCORE_REWARDS, name) ? SCORE_REWARDS[name] : undefined
  if (known !== undefined) return { ...(await known.make(concurrency)), source: name }
  if (/[./\\]/.test(name)) return { ...(await moduleReward(name)), concurrency }
  const names = Object.keys(SCORE_REWARDS).join(', ')
  throw invalidArgument(`there is no reward ${shown(name)}`, `choose ${names}, or a module such as ./reward.js`)
}
