import { callCallerNow, requireOneOf, type Outcome, type RewardFunction, type Sample, type Task } from '@posttrain/core'
import { codeVerifier, type CodeVerifier } from './code-verifier.js'
import { programIn } from './program-in.js'
import { requireTests, type Language, type ProgramTests } from './program.js'
import type { ProgramVerdict } from './program-verdict.js'
import { testsInReference } from './tests-in-reference.js'

/** What is rewarded. */
export interface CodeRewardOptions {
  readonly language: Language
  /** Runs the programs; one with the usual settings unless told otherwise. */
  readonly verifier?: CodeVerifier | undefined
  /**
   * The program in a completion. Unless told otherwise it is the last fenced block, or all of the text. For a
   * completion that goes on where a prompt ends: `({ text }, { prompt }) => prompt + text`.
   */
  readonly programOf?: ((sample: Sample, task: Task) => string) | undefined
  /** The tests of a task. Unless told otherwise they are its reference: tests as JSON, or assertions as they are. */
  readonly testsOf?: ((task: Task) => ProgramTests) | undefined
  /** Told of each sample once it is judged. */
  readonly onVerdict?: ((verdict: ProgramVerdict, sample: Sample) => void) | undefined
}

/**
 * Reward 1 for a completion whose program passes the tests of its task, otherwise 0; unscored where it could not be
 * judged. The part `signs` counts what a reviewer may want to look at.
 *
 * @returns a RewardFunction; it rejects with `invalid-data` for a task without tests
 * @throws PosttrainError as `codeVerifier` does
 * @example
 * ```ts
 * codeReward({ language: 'python' }).name // => 'python'
 * ```
 */
export function codeReward(options: CodeRewardOptions): RewardFunction {
  const { language, verifier = codeVerifier(), programOf = programInText, testsOf = testsInReference } = options
  requireOneOf('language', language, ['python', 'javascript'])
  return {
    name: language,
    gives: ['signs'],
    async score(task, samples, settings = {}) {
      const where = `on task ${task.id}`
      const tests = callCallerNow('testsOf', where, () => requireTests(testsOf(task)))
      const judge = async (sample: Sample): Promise<Outcome> => {
        const code = callCallerNow('programOf', where, () => programOf(sample, task))
        const verdict = await verifier.verify({ language, code, tests }, settings)
        callCallerNow('onVerdict', where, () => options.onVerdict?.(verdict, sample))
        return outcomeOf(verdict)
      }
      return Promise.all(samples.map(judge))
    },
  }
}

const programInText = ({ text }: Sample): string => programIn(text)

function outcomeOf({ verdict, reason, signs }: ProgramVerdict): Outcome {
  const parts = { signs: signs.length }
  if (verdict === 'unscored') return { kind: 'unscored', reason, parts }
  return { kind: 'scored', reward: verdict === 'passed' ? 1 : 0, parts }
}
