import type { Decision, Procedure, RunOptions, Task } from '@posttrain/core'
import { scriptedSampler } from './scripted-sampler.js'

/** A run, with the probability of the samples that it drew. */
export interface WeightedRun {
  readonly probability: number
  readonly decision: Decision
}

/**
 * Every run that a procedure can make of samples of known probabilities: all sequences as far as the procedure looked.
 * It draws one sample after another and stops on what they say, so that sequences with one beginning are one run.
 *
 * @param most samples that it draws at most
 */
export async function exactRuns(
  procedure: Procedure,
  texts: Readonly<Record<string, number>>,
  most: number,
  { task = { id: 't', prompt: '?' }, ...options }: RunOptions & { readonly task?: Task } = {},
): Promise<readonly WeightedRun[]> {
  const [names, odds] = [Object.keys(texts), Object.values(texts)]
  const digits = new Array<number>(most).fill(0)
  const runs: WeightedRun[] = []
  for (;;) {
    const sampler = scriptedSampler({ [task.id]: digits.map((digit) => names[digit]!) })
    const decision = await procedure.run(sampler, task, options)
    const used = decision.samples.length
    runs.push({ decision, probability: digits.slice(0, used).reduce((product, digit) => product * odds[digit]!, 1) })
    let place = used - 1
    while (place >= 0 && digits[place] === names.length - 1) place--
    if (place < 0) return runs
    digits[place]!++
    digits.fill(0, place + 1)
  }
}

/** The expectation of a number of each run. */
export const expected = (runs: readonly WeightedRun[], of: (decision: Decision) => number): number =>
  runs.reduce((sum, { probability, decision }) => sum + probability * of(decision), 0)

/** The probability that the answer is this one. */
export const probabilityOf = (runs: readonly WeightedRun[], answer: string | undefined): number =>
  expected(runs, (decision) => Number(decision.answer === answer))

/** The mean number of samples. */
export const meanSamples = (runs: readonly WeightedRun[]): number => expected(runs, ({ samples }) => samples.length)
