import { callCaller, described, invalidData, PosttrainError } from '@posttrain/core'
import type {
  CallOptions,
  Checkpoint,
  ForwardPass,
  OptimizerStep,
  Scorer,
  ScoreName,
  ScoreRequest,
} from '@posttrain/core'
import type { TokenCotangents, TokenScores, TokenSequence, Trainable } from '@posttrain/core'
import { chosenTokens } from './chosen-tokens.js'

// What a policy gives enters here, and nothing behind it looks again.

/**
 * Scores of sequences, checked.
 *
 * @param who for instance `the policy` or `the reference`
 * @throws PosttrainError `invalid-data` for anything but the scores asked for; `exploded` for one that is not finite;
 *   `aborted` at the signal, even where the call hangs
 */
export async function askScores(
  who: string,
  scorer: Pick<Scorer, 'score'>,
  sequences: readonly TokenSequence[],
  request: ScoreRequest,
  { signal }: CallOptions,
): Promise<readonly TokenScores[]> {
  const asked = (): Promise<readonly TokenScores[]> => scorer.score(sequences, request, { signal })
  const scores = await callCaller(who, 'to score', asked, { signal })
  requireScores(who, scores, sequences, request)
  return scores
}

/**
 * A forward pass, checked as `askScores` does.
 *
 * @throws PosttrainError as `askScores`
 */
export async function askForward(
  who: string,
  model: Pick<Trainable, 'forward'>,
  sequences: readonly TokenSequence[],
  request: ScoreRequest,
  { signal }: CallOptions,
): Promise<ForwardPass> {
  const pass = await callCaller(
    who,
    'in its forward pass',
    async () => {
      const computed = await model.forward(sequences, request, { signal })
      if (signal?.aborted) computed.dispose() // nobody waits for it any more
      return computed
    },
    { signal },
  )
  const given: unknown = pass
  const { scores, backward, dispose } = (given ?? {}) as Partial<ForwardPass>
  if (typeof backward !== 'function' || typeof dispose !== 'function') {
    throw invalidData(`${who} gave ${described(pass)} as a forward pass`, 'give { scores, backward, dispose }')
  }
  try {
    requireScores(who, scores, sequences, request)
  } catch (error) {
    pass.dispose()
    throw error
  }
  return pass
}

/**
 * The backward pass of cotangents and a step, submitted together: a service takes them in this order, and the step not
 * at all if the other fails. Nobody may stop between the two, so that no signal is given: the gradient would be left
 * for the next step to add to its own.
 *
 * @returns the gradient's norm before clipping
 * @throws PosttrainError `exploded` for a step that was not taken; `invalid-data` for anything but a report
 */
export async function askStep(
  who: string,
  model: Pick<Trainable, 'step'>,
  pass: ForwardPass,
  cotangents: readonly TokenCotangents[],
  settings: OptimizerStep,
): Promise<number | undefined> {
  const [, report] = await Promise.all([
    callCaller(who, 'in its backward pass', () => pass.backward(cotangents)),
    callCaller(who, 'to take a step', () => model.step(settings)),
  ])
  const given: unknown = report
  if (typeof given === 'object' && given !== null && 'gradientNorm' in given) {
    const { gradientNorm } = given
    if (gradientNorm === undefined || isNorm(gradientNorm)) return gradientNorm
    throw invalidData(`${who} took a step with a gradient of norm ${described(gradientNorm)}`, REPORT)
  }
  throw invalidData(`${who} gave ${described(given)} as the report of a step`, REPORT)
}

const REPORT = 'a step reports { gradientNorm }, and is refused as exploded where that is not finite'

const isNorm = (value: unknown): value is number => Number.isFinite(value) && (value as number) >= 0

function requireScores(
  who: string,
  given: unknown,
  sequences: readonly TokenSequence[],
  { scores: names = ['logprob'] }: ScoreRequest,
): void {
  if (!Array.isArray(given) || given.length !== sequences.length) {
    const found = Array.isArray(given) ? `scores of ${given.length} sequences` : described(given)
    throw invalidData(`${who} gave ${found} for ${sequences.length} sequences`, 'one TokenScores for each, in order')
  }
  sequences.forEach((sequence, i) => {
    for (const name of names) requireScore(`${who} gave sequence ${i}`, name, given[i], chosenTokens(sequence))
  })
}

function requireScore(gave: string, name: ScoreName, scores: unknown, length: number): void {
  const values: unknown = typeof scores === 'object' && scores !== null ? (scores as TokenScores)[name] : undefined
  if (!(values instanceof Float64Array) || values.length !== length) {
    const found = values instanceof Float64Array ? `${values.length} values` : described(values)
    throw invalidData(`${gave} ${found} of ${name}, which has ${length} chosen tokens`, 'a Float64Array, one for each')
  }
  const t = values.findIndex((value) => !Number.isFinite(value))
  if (t >= 0) throw new PosttrainError('exploded', `${gave} the ${name} ${values[t]} at token ${t}`)
}

/** Whether something is a checkpoint: bytes, or where a service keeps them. */
export const isCheckpoint = (value: unknown): value is Checkpoint =>
  value instanceof Uint8Array ||
  (typeof value === 'object' && value !== null && typeof (value as { location?: unknown }).location === 'string')
