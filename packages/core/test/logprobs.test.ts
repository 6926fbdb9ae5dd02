import { provenanceDifferences, requireSameProvenance, type LogprobProvenance } from '@posttrain/core'
import { describe, expect, it } from 'vitest'

const raw: LogprobProvenance = { engine: 'wasm', dtype: 'f32', weights: 'v1' }

describe('requireSameProvenance', () => {
  it('compares what shaped them field by field', () => {
    const shaped = (topP: number): LogprobProvenance => ({ ...raw, shaping: { temperature: 0.7, topP } })
    expect(provenanceDifferences(shaped(0.9), shaped(0.9))).toEqual([])
    expect(provenanceDifferences(shaped(0.9), shaped(0.8))).toEqual(['topP (0.9 against 0.8)'])
  })

  it('lets weights differ and nothing else, and names the fields that do', () => {
    expect(() => requireSameProvenance(raw, { ...raw, weights: 'v2', step: 3 })).not.toThrow()
    const differing: [Partial<LogprobProvenance>, string][] = [
      [{ engine: 'vllm' }, 'engine (wasm against vllm)'],
      [{ dtype: 'bf16' }, 'dtype (f32 against bf16)'],
      [{ shaping: { temperature: 0.7, topP: 0.9 } }, 'temperature (none against 0.7) and topP (none against 0.9)'],
    ]
    for (const [change, named] of differing) {
      expect(() => requireSameProvenance(raw, { ...raw, ...change })).toThrow(
        `log-probs that differ in ${named} cannot be compared`,
      )
    }
  })
})
