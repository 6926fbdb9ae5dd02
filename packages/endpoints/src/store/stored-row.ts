import { invalidData, problemsOf, reasonOf, type Logprobs, type Sample } from '@posttrain/core'
import * as z from 'zod'

/** A sample as a store exports it: a line of JSON. */
export interface StoredRow {
  /** What drew it. */
  readonly sampler: string
  /** Key of the request that it was drawn for, see `requestKey`. */
  readonly key: string
  readonly sample: Sample
}

/** A sample as JSON: lists of numbers are plain ones there. */
export const sampleToJson = (sample: Sample): string =>
  JSON.stringify(sample, (_, value: unknown) =>
    ArrayBuffer.isView(value) ? Array.from(value as Uint8Array | Float64Array) : value,
  )

/** A sample as JSON has it: a mask is a list, and the logarithm of 0 is null. */
interface Written extends Omit<Sample, 'mask' | 'logprobs'> {
  readonly mask?: readonly number[]
  readonly logprobs?: Omit<Logprobs, 'top'> & { readonly top?: readonly (readonly (number | null)[])[] }
}

/** The sample of such a text; a mask is bytes again, and a log-prob that JSON does not have is −Infinity. */
export function sampleFromJson(text: string): Sample {
  const { mask, logprobs, ...sample } = JSON.parse(text) as Written
  return {
    ...sample,
    ...(mask && { mask: Uint8Array.from(mask) }),
    ...(logprobs && { logprobs: logprobsFromJson(logprobs) }),
  }
}

const logprobsFromJson = ({ top, ...logprobs }: NonNullable<Written['logprobs']>): Logprobs =>
  top ? { ...logprobs, top: top.map((values) => values.map((value) => value ?? -Infinity)) } : logprobs

/** A row as a line. */
export const rowToLine = ({ sampler, key, sample }: StoredRow): string =>
  `{"sampler":${JSON.stringify(sampler)},"key":${key},"sample":${sampleToJson(sample)}}`

const usage = z.looseObject({
  promptTokens: z.number().min(0),
  completionTokens: z.number().min(0),
  cost: z.number().optional(),
})
const row = z.strictObject({
  sampler: z.string(),
  key: z.array(z.unknown()).min(2),
  sample: z.looseObject({
    id: z.string(),
    taskId: z.string(),
    index: z.int().min(0),
    seed: z.int(),
    text: z.string(),
    finish: z.enum(['stop', 'length']),
    tokens: z.array(z.int()).optional(),
    mask: z.array(z.union([z.literal(0), z.literal(1)])).optional(),
    logprobs: z.looseObject({ top: z.array(z.array(z.number().max(0).nullable())).optional() }).optional(),
    usage,
  }),
})

/**
 * The row of a line.
 *
 * @param where for instance `samples.jsonl, line 3`
 * @throws PosttrainError `invalid-data` saying where and what
 */
export function rowFromLine(line: string, where: string): StoredRow {
  const read = row.safeParse(parsed(line, where))
  if (!read.success) throw invalidData(`${where}: ${problemsOf(read.error)}`, 'a line is what a store has exported')
  const { sampler, key, sample } = read.data
  const [seed, id] = key
  if (seed !== sample.seed || id !== sample.id) {
    throw invalidData(
      `${where}: the key is of sample ${String(id)} with seed ${String(seed)}, not of the one beside it`,
    )
  }
  return { sampler, key: JSON.stringify(key), sample: sampleFromJson(JSON.stringify(sample)) }
}

function parsed(line: string, where: string): unknown {
  try {
    return JSON.parse(line)
  } catch (error) {
    throw invalidData(`${where} is no JSON: ${reasonOf(error)}`, 'a line is what a store has exported')
  }
}
