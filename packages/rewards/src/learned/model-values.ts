import { invalidData, scoreOf, shown, type CallOptions, type Sample, type Scorer, type Task } from '@posttrain/core'

/** The completion of a sample in the pieces at whose ends a model is asked. */
export interface AskedSample {
  readonly sample: Sample
  readonly pieces: readonly string[]
}

/** How a value becomes a score: as it is, or σ(value) where it is the logit of a probability. */
export type ValueLink = 'identity' | 'logistic'

export const links: Readonly<Record<ValueLink, (value: number) => number>> = {
  identity: (value) => value,
  logistic: (value) => 1 / (1 + Math.exp(-value)),
}

/**
 * What a model's value head says at the last token of each piece.
 *
 * @param name of the reward, for messages
 * @returns (samples)(pieces)
 * @throws PosttrainError `invalid-data` for a model that gives something else, and a piece that has no token of its own
 */
export async function modelValues(
  model: Scorer,
  name: string,
  task: Task,
  asked: readonly AskedSample[],
  options: CallOptions,
): Promise<readonly (readonly number[])[]> {
  if (asked.length === 0) return []
  const completions = asked.map(({ sample, pieces }) => ({
    prompt: sample.prompt ?? task.prompt,
    pieces: pieces.map((text) => ({ text })),
  }))
  const encoded = await model.encode(completions, options)
  const wrong = (what: string, sample: Sample): Error =>
    invalidData(`the model of ${name} ${what} sample ${sample.index} of task ${shown(task.id)}`)
  const sequences = asked.map(({ sample }, i) => {
    const { prompt, tokens, ends } = encoded[i] ?? { prompt: '', tokens: [], ends: [] }
    const mask = new Uint8Array(tokens.length)
    ends.forEach((end, at) => {
      if (end === (ends[at - 1] ?? 0)) throw wrong(`has no token for step ${at} of`, sample)
      mask[end - 1] = 1
    })
    return { prompt, tokens, mask }
  })
  const scores = await model.score(sequences, { scores: ['value'] }, options)
  return asked.map(({ sample, pieces }, i) => {
    const values = [...scoreOf(scores[i] ?? {}, 'value')]
    if (values.length !== pieces.length)
      throw wrong(`gave ${values.length} values for ${pieces.length} steps of`, sample)
    if (values.some((value) => !Number.isFinite(value))) throw wrong('gave a value that is not finite to', sample)
    return values
  })
}
