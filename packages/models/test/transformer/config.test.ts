import { gpt2Like, llamaLike, parseTransformerConfig, type TransformerConfig } from '@posttrain/models'
import { architectureOf } from '../../src/transformer/architecture.js'
import { describe, expect, it } from 'vitest'
import { architectures } from '../support/architectures.js'

const sizes = { vocabulary: 6, context: 12, width: 8, layers: 2, heads: 2 }

describe('a transformer configuration', () => {
  it.each(architectures)('is kept as it was given: %s', (_, config) => {
    expect(parseTransformerConfig(JSON.parse(JSON.stringify(config)))).toEqual(config)
  })

  it.each([
    ['gpt2Like', gpt2Like],
    ['llamaLike', llamaLike],
  ])('of %s has its parts also where they are undefined', (_, preset) => {
    const asked = { hidden: undefined, activation: undefined, normalisation: undefined, positions: undefined }
    expect(preset({ ...sizes, ...asked, biases: undefined, tiedHead: undefined })).toEqual(preset(sizes))
    expect(preset({ ...sizes, hidden: 24, activation: 'silu', tiedHead: false })).toMatchObject({
      hidden: 24,
      activation: 'silu',
      tiedHead: false,
    })
  })

  it('takes an option that is undefined for one that is not there', () => {
    const plain: TransformerConfig = { ...sizes, hidden: 32, activation: 'gelu' }
    const asked: TransformerConfig = {
      ...plain,
      keyValueHeads: undefined,
      headSize: undefined,
      normalisation: undefined,
      normEpsilon: undefined,
      positions: undefined,
      biases: undefined,
      tiedHead: undefined,
      valueHead: undefined,
    }
    expect(architectureOf(parseTransformerConfig(asked))).toEqual(architectureOf(plain))
    expect(architectureOf(plain)).toMatchObject({
      keyValueHeads: 2,
      headSize: 4,
      positions: 'learned',
      tiedHead: false,
    })
  })

  it('is refused with the field that is wrong', () => {
    const parse = (change: object) => () => parseTransformerConfig({ ...gpt2Like(sizes), ...change })
    expect(parse({ width: 9 })).toThrow('width must be a multiple of heads')
    expect(parse({ width: 9, headSize: 4 })).not.toThrow()
    expect(parse({ keyValueHeads: 3 })).toThrow('heads must be a multiple of keyValueHeads')
    expect(parse({ headSize: 3, positions: { base: 100 } })).toThrow('rotary positions need an even headSize')
    expect(parse({ activation: 'tanh' })).toThrow('activation')
    expect(parse({ rotary: true })).toThrow('rotary')
    expect(parse({ layers: 0 })).toThrow('layers')
  })

  it('has presets, of which everything may be changed', () => {
    expect(gpt2Like(sizes)).toEqual({ ...sizes, hidden: 32, activation: 'gelu', tiedHead: true })
    expect(llamaLike({ ...sizes, biases: 'qkv', hidden: 20 })).toEqual({
      ...sizes,
      hidden: 20,
      activation: 'swiglu',
      normalisation: 'rms',
      positions: { base: 10_000 },
      biases: 'qkv',
    })
  })
})
