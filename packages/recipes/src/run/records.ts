import { invalidData, sum, type Group } from '@posttrain/core'
import * as z from 'zod'

/** One training step of one variant: a line of `metrics.jsonl`. */
export interface TrainingRecord {
  readonly kind: 'training'
  readonly variant: string
  readonly step: number
  /** Mean reward of the step's samples. */
  readonly reward: number
  /** The objective's estimate, averaged over the step's prompts. */
  readonly objective: number
  /** Share of prompts with a correct sample. */
  readonly solved: number
  /** Nats per token. */
  readonly entropy: number
  /** Share of samples that carry a gradient. */
  readonly informative: number
  readonly gradientNorm: number
  readonly tokens: number
}

/** What a training record must be. */
export const trainingRecordSchema: z.ZodType<TrainingRecord> = z.strictObject({
  kind: z.literal('training'),
  variant: z.string(),
  step: z.int().nonnegative(),
  reward: z.number(),
  objective: z.number(),
  solved: z.number(),
  entropy: z.number(),
  informative: z.number(),
  gradientNorm: z.number(),
  tokens: z.int(),
})

/** One measured sample: a line of `samples.jsonl`, in a shape that `posttrain evaluate` reads. */
export interface SampleRecord {
  /** Name of the variant. */
  readonly system: string
  readonly task_id: string
  readonly index: number
  readonly completion: string
  /** null: not scored. */
  readonly reward: number | null
  /** Canonical key of the answer; null: none could be read. */
  readonly answer: string | null
  readonly tokens: number
  /** log π of the whole completion, in nats. */
  readonly logprob: number
  /** KL(π ‖ checkpoint) of the next-token distributions, summed over the completion, in nats. Absent: not trained. */
  readonly kl?: number | undefined
}

const sampleSchema: z.ZodType<SampleRecord> = z.strictObject({
  system: z.string(),
  task_id: z.string(),
  index: z.int().nonnegative(),
  completion: z.string(),
  reward: z.number().nullable(),
  answer: z.string().nullable(),
  tokens: z.int(),
  logprob: z.number(),
  kl: z.number().optional(),
})

/**
 * The samples of a variant's group as records.
 *
 * @param kls (samples): divergences from the checkpoint, of a variant that was trained
 */
export const recordsOf = (
  variant: string,
  { task, samples, outcomes }: Group,
  kls?: readonly number[],
): SampleRecord[] =>
  samples.map((sample, i) => {
    const outcome = outcomes[i]!
    return {
      system: variant,
      task_id: task.id,
      index: sample.index,
      completion: sample.text,
      reward: outcome.kind === 'scored' ? outcome.reward : null,
      answer: outcome.answer ?? null,
      tokens: sample.usage.completionTokens,
      logprob: sum(sample.logprobs!.values),
      ...(kls && { kl: kls[i]! }),
    }
  })

/** JSON Lines text of records. */
export const writeRecords = (records: readonly object[]): string =>
  records.map((record) => JSON.stringify(record) + '\n').join('')

/** @throws PosttrainError `invalid-data` naming the file and line */
export const readSampleRecords = (text: string, where: string): SampleRecord[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, i) => {
      const parsed = sampleSchema.safeParse(jsonOf(line))
      if (parsed.success) return parsed.data
      throw invalidData(`${where}, line ${i + 1}, is no sample of a run`)
    })

/**
 * The training records of `metrics.jsonl`, whose other lines are what was measured.
 *
 * @throws PosttrainError `invalid-data` naming the file and line
 */
export const readTrainingRecords = (text: string, where: string): TrainingRecord[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line, i) => {
      const json = jsonOf(line)
      if (otherRecordSchema.safeParse(json).success) return []
      const parsed = trainingRecordSchema.safeParse(json)
      if (parsed.success) return [parsed.data]
      throw invalidData(`${where}, line ${i + 1}, is no record of a run`)
    })

const otherRecordSchema = z.looseObject({ kind: z.enum(['measurement', 'comparison']) })

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
