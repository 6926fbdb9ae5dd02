import fc from 'fast-check'
import { scoreOf, type TokenSequence, type TrainablePolicy } from '@posttrain/core'
import { requireClose, requireThat } from './assertions.js'
import type { AsyncLaw } from './law.js'

/** What a policy is asked. */
export interface TrainableClaims {
  /** Sequences it can score, at least one of two or more tokens. */
  readonly sequences: readonly TokenSequence[]
  /** Largest difference of two log-probs that should be equal (default 1e-9). */
  readonly tolerance?: number | undefined
}

/** What the promise of a call came to. */
const settled = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call
    return undefined
  } catch (error) {
    return error
  }
}

/**
 * The laws of a policy that learns, local or remote: calls take effect in the order in which they are made and need not
 * be awaited; calls behind a failed one fail with it as cause; scores are of chosen tokens alone; a checkpoint
 * restores; a snapshot keeps its weights.
 *
 * @param make a new policy each time, always with the same weights
 * @returns named asynchronous fast-check properties; run them with few runs
 */
export function trainableLaws(
  make: () => Promise<TrainablePolicy>,
  { sequences, tolerance = 1e-9 }: TrainableClaims,
): AsyncLaw[] {
  const learningRates = fc.integer({ min: 1, max: 50 }).map((thousandths) => thousandths / 1000)
  const logprobs = async (policy: Pick<TrainablePolicy, 'score'>): Promise<number[]> =>
    (await policy.score(sequences)).flatMap((scores) => [...scoreOf(scores, 'logprob')])
  const learn = async (policy: TrainablePolicy, learningRate: number, awaited: boolean): Promise<void> => {
    const pass = await policy.forward(sequences)
    const cotangents = pass.scores.map((scores) => ({ logprob: scoreOf(scores, 'logprob').map(() => -1) }))
    if (awaited) {
      await pass.backward(cotangents)
      await policy.step({ learningRate })
    } else await Promise.all([pass.backward(cotangents), policy.step({ learningRate })])
  }
  const agree = (what: string, a: readonly number[], b: readonly number[]): void =>
    a.forEach((value, i) => requireClose(`${what}, token ${i}`, value, b[i]!, tolerance))
  return [
    {
      name: 'backward and step need not be awaited in between',
      property: fc.asyncProperty(learningRates, async (learningRate) => {
        const [one, other] = [await make(), await make()]
        await learn(one, learningRate, true)
        await learn(other, learningRate, false)
        agree('log-probs', await logprobs(other), await logprobs(one))
      }),
    },
    {
      name: 'calls behind a failed one fail with it as cause, and later ones do not',
      property: fc.asyncProperty(learningRates, async (learningRate) => {
        const policy = await make()
        const before = await logprobs(policy)
        const pass = await policy.forward(sequences)
        // One sequence too few: refused before anything is added up.
        const backward = settled(pass.backward([]))
        const step = settled(policy.step({ learningRate }))
        const [failure, behind] = [await backward, await step]
        requireThat(failure instanceof Error, () => 'backward accepted cotangents of no sequence')
        requireThat(
          behind instanceof Error && behind.cause === failure,
          () => `the step behind it ended with ${String(behind)}`,
        )
        pass.dispose()
        agree('log-probs', await logprobs(policy), before)
      }),
    },
    {
      name: 'backward comes once, and before the next step',
      property: fc.asyncProperty(learningRates, async (learningRate) => {
        const policy = await make()
        const zeros = (await policy.score(sequences)).map((scores) => ({
          logprob: scoreOf(scores, 'logprob').map(() => 0),
        }))
        const [first, second] = [await policy.forward(sequences), await policy.forward(sequences)]
        await first.backward(zeros)
        requireThat((await settled(first.backward(zeros))) instanceof Error, () => 'backward was accepted twice')
        await policy.step({ learningRate })
        requireThat(
          (await settled(second.backward(zeros))) instanceof Error,
          () => 'backward was accepted after a step',
        )
      }),
    },
    {
      name: 'scores have one entry per chosen token, with the values of the whole',
      property: fc.asyncProperty(fc.nat(), async (bits) => {
        const policy = await make()
        const masked = sequences.map((sequence) => ({
          ...sequence,
          mask: Uint8Array.from(sequence.tokens, (_, t) => (bits >> (t % 8)) & 1),
        }))
        const [whole, chosen] = [await policy.score(sequences), await policy.score(masked)]
        masked.forEach(({ mask }, i) => {
          const expected = scoreOf(whole[i]!, 'logprob').filter((_, t) => mask[t] === 1)
          const found = scoreOf(chosen[i]!, 'logprob')
          requireThat(
            found.length === expected.length,
            () => `${found.length} scores for ${expected.length} chosen tokens`,
          )
          agree(`sequence ${i}`, [...found], [...expected])
        })
      }),
    },
    {
      name: 'a checkpoint restores, a snapshot keeps its weights, and provenance counts the steps',
      property: fc.asyncProperty(learningRates, async (learningRate) => {
        const policy = await make()
        const before = await logprobs(policy)
        const [saved, snapshot] = [await policy.save({ optimizer: true }), await policy.snapshot()]
        const { step, weights } = policy.provenance
        await learn(policy, learningRate, true)
        const after = await logprobs(policy)
        requireThat(
          after.some((value, i) => Math.abs(value - before[i]!) > tolerance),
          () => 'a step changed nothing',
        )
        requireThat(policy.provenance.weights === weights, () => 'the lineage changed along a run')
        requireThat(step === undefined || policy.provenance.step === step + 1, () => 'the step was not counted')
        agree('log-probs of the snapshot', await logprobs(snapshot), before)
        await policy.load(saved)
        agree('log-probs after load', await logprobs(policy), before)
        await learn(policy, learningRate, true)
        agree('log-probs after the same step again', await logprobs(policy), after)
        await snapshot.dispose()
      }),
    },
  ]
}
