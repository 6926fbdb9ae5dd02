import { requireSameProvenance, type LogprobProvenance } from '@posttrain/core'
import { describe, expect, it } from 'vitest'

const raw: LogprobProvenance = { engine: 'wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' }

describe('requireSameProvenance', () => {
  it('lets weights differ and nothing else, and names the fields that do', () => {
    expect(() => requireSameProvenance(raw, { ...raw, weights: 'v2' })).not.toThrow()
    const differing: [Partial<LogprobProvenance>, string][] = [
      [{ engine: 'vllm' }, 'engine (wasm against vllm)'],
      [{ dtype: 'bf16' }, 'dtype (f32 against bf16)'],
      [
        { distribution: 'processed', temperature: 0.7 },
        'distribution (raw against processed) and temperature (absent against 0.7)',
      ],
    ]
    for (const [change, named] of differing) {
      expect(() => requireSameProvenance(raw, { ...raw, ...change })).toThrow(
        `log-probs that differ in ${named} cannot be compared`,
      )
    }
  })
})
