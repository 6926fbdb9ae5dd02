import { readFileSync } from 'node:fs'
import { fromLogits, type Distribution } from '@posttrain/kl'

type JsonNumber = number | 'Infinity' | '-Infinity'

/** One divergence case of tools/golden/kl.py. */
interface DivergenceCase {
  readonly p: readonly JsonNumber[]
  readonly q: readonly JsonNumber[]
  readonly values: Readonly<Record<string, JsonNumber>>
}

/** One sample with the KL terms of other trainers on it. */
export interface TrainerCase {
  readonly coefficient: number
  readonly policy: readonly (readonly number[])[]
  readonly reference: readonly (readonly number[])[]
  readonly sampling: readonly (readonly number[])[]
  readonly tokens: readonly number[]
  readonly 'next-token kl': readonly number[]
  readonly 'next-token kl gradient': readonly (readonly number[])[]
  readonly choices: Readonly<
    Record<string, { readonly value: number; readonly gradient: readonly (readonly number[])[] }>
  >
}

interface Golden {
  readonly divergences: readonly DivergenceCase[]
  readonly trainers: readonly TrainerCase[]
}

/** Values made by tools/golden/kl.py with mpmath and PyTorch. */
export const golden = JSON.parse(
  readFileSync(new URL('../../../tools/golden/kl.json', import.meta.url), 'utf8'),
) as Golden

/** A number as the script wrote it. */
export const fromJson = (value: JsonNumber): number => Number(value)

/** softmax of a row of the file. */
export const distribution = (logits: readonly JsonNumber[]): Distribution => fromLogits(logits.map(fromJson))
