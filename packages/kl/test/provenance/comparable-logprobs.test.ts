import { requireSameProvenance, type LogprobProvenance, type Logprobs } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { comparableLogRatios, declareAs, logprobsAt } from '@posttrain/kl'

const raw: LogprobProvenance = { engine: 'transformer/wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' }
const at = (values: number[], provenance: Partial<LogprobProvenance> = {}): Logprobs => ({
  values,
  provenance: { ...raw, ...provenance },
})

describe('comparable log-probs', () => {
  it('may differ in weights alone', () => {
    expect([...comparableLogRatios(at([-1, -2]), at([-1.5, -1], { weights: 'v2' }))]).toEqual([0.5, -1])
  })

  it.each<[Partial<LogprobProvenance>, string]>([
    [{ engine: 'vllm' }, 'engine (transformer/wasm against vllm)'],
    [{ dtype: 'bf16' }, 'dtype (f32 against bf16)'],
    [{ distribution: 'processed' }, 'distribution (raw against processed)'],
    [{ temperature: 0.7 }, 'temperature (absent against 0.7)'],
    [{ engine: 'vllm', dtype: 'bf16' }, 'engine (transformer/wasm against vllm) and dtype (f32 against bf16)'],
  ])('are refused for %j, naming the field', (other, named) => {
    const compare = (): unknown => comparableLogRatios(at([-1]), at([-1], other))
    expect(compare).toThrow(`log-probs that differ in ${named} cannot be compared`)
    expect(compare).toThrow(expect.objectContaining({ code: 'provenance-mismatch' }) as Error)
  })

  it('can be declared to be of another engine or dtype, with a reason, but not of another transform', () => {
    const declared = declareAs(at([-1], { engine: 'vllm', dtype: 'bf16' }), raw, 'rescored 100 samples, max error 2e-3')
    expect(declared.provenance).toEqual(raw)
    expect(() => declareAs(at([-1]), { engine: 'vllm' }, ' ')).toThrow('because must say why')
    const processed = at([-1], { engine: 'vllm', distribution: 'processed', temperature: 0.7 })
    const still = declareAs(processed, raw, 'same numbers').provenance
    expect(() => requireSameProvenance(raw, still)).toThrow('distribution (raw against processed)')
  })

  it('are converted between temperatures from logits', () => {
    const logits = [
      [0, Math.log(3)],
      [1, 1],
    ]
    const cool = logprobsAt(logits, [1, 0], 0.5, raw)
    // at temperature ½ odds of 3 become odds of 9
    expect(cool.values[0]).toBeCloseTo(Math.log(0.9), 14)
    expect(cool.values[1]).toBeCloseTo(Math.log(0.5), 14)
    expect(cool.provenance).toEqual({ ...raw, distribution: 'processed', temperature: 0.5 })
    expect(comparableLogRatios(cool, at([0, 0], { distribution: 'processed', temperature: 0.5 }))).toHaveLength(2)
    expect(() => logprobsAt(logits, [1, 2], 1, raw)).toThrow('tokens[1] is 2, but the row has 2 logits')
    expect(() => logprobsAt(logits, [1, 0], 0, raw)).toThrow('temperature must be above 0')
    expect(() => logprobsAt(logits, [1, 0], 1, { ...raw, distribution: 'processed' })).toThrow('must be raw')
  })
})
