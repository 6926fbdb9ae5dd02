import { createReferenceDevice } from '@posttrain/compute'
import { createStream, scoreOf } from '@posttrain/core'
import {
  averageCheckpoints,
  decodeSafetensors,
  encodeSafetensors,
  RewardModel,
  TabularPolicy,
  TransformerPolicy,
  type Tensor,
} from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from './support/architectures.js'
import { maxDifference } from './support/max-difference.js'
import { perturb, randomise } from './support/weights.js'

const tableOf = (logits: readonly number[], lineage = 'table'): TabularPolicy => {
  const words = logits.map((_, i) => `w${i}`)
  const policy = new TabularPolicy({ prompts: ['x'], words, lineage })
  policy.setLogits('x', [], logits)
  return policy
}
const logitsOf = async (file: Uint8Array): Promise<readonly number[]> => {
  const table = tableOf([0, 0, 0])
  await table.load(file)
  return [...(await table.logits())]
}

describe('averageCheckpoints', () => {
  it('moves every weight the given way, and neither file it was given', async () => {
    const [anchor, policy] = [tableOf([1, -2, 3]), tableOf([3, 0, -1])]
    const [target, source] = [await anchor.save(), await policy.save({ optimizer: true })]
    const [targetBefore, sourceBefore] = [target.slice(), source.slice()]
    await anchor.load(averageCheckpoints([target, source], [0.75, 0.25]))
    expect([...(await anchor.logits())]).toEqual([1.5, -1.5, 2])
    expect([target, source]).toEqual([targetBefore, sourceBefore])
    expect(averageCheckpoints([target, source], [1, 0])).toEqual(target)
  })

  it('is the mean of many, in the proportion of their weights', async () => {
    const files = await Promise.all([[1, -2, 3], [3, 0, -1], [8, 8, 7]].map((logits) => tableOf(logits).save())) // prettier-ignore
    expect(await logitsOf(averageCheckpoints(files))).toEqual([4, 2, 3])
    expect(await logitsOf(averageCheckpoints(files, [2, 6, 0]))).toEqual([2.5, -0.5, 0])
  })

  const weights = fc.double({ min: -1e3, max: 1e3, noNaN: true })
  const rows = fc.array(fc.tuple(weights, weights, weights), { minLength: 1, maxLength: 5 })

  it('of equal checkpoints is the checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 1 }),
        async ([logits], given) => {
          const file = await tableOf(logits!).save()
          expect(
            averageCheckpoints(
              given.map(() => file),
              given,
            ),
          ).toEqual(file)
        },
      ),
      {
        numRuns: 30,
        examples: [
          [[[-0, 0, 1]], [0.01]],
          [[[-0, 0, 1]], [1, 2]],
        ],
      },
    )
  })

  it('does not depend on their order', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (logits) => {
        const files = await Promise.all(logits.map((row) => tableOf(row).save()))
        const given = files.map((_, i) => i + 1)
        const [there, back] = [
          await logitsOf(averageCheckpoints(files, given)),
          await logitsOf(averageCheckpoints([...files].reverse(), [...given].reverse())),
        ]
        // Rounding errors of a few terms of at most 2e3.
        expect(maxDifference(Float64Array.from(there), Float64Array.from(back))).toBeLessThan(1e-11)
      }),
      { numRuns: 30 },
    )
  })

  it('has the mean of the values of heads over equal layers, which are linear in their weights', async () => {
    const [, config] = architectures[2]!
    const device = createReferenceDevice()
    const base = new RewardModel({ device, config, tokenizer })
    await randomise(base, 1)
    const file = await base.save()
    const judged = sequences.map(({ prompt, tokens }) => ({ prompt, pieces: [{ text: tokenizer.decode(tokens) }] }))
    const members = await Promise.all(
      [1, 2, 3].map(async (seed) => {
        const model = await RewardModel.fromCheckpoint(device, file)
        const stream = createStream(seed, 'head')
        await perturb(model, (name, data) => {
          if (name.startsWith('value_head.')) data.forEach((x, i) => (data[i] = x + stream.uniform()))
        })
        return { file: await model.save(), values: await model.rewards(judged) }
      }),
    )
    const averaged = await RewardModel.fromCheckpoint(device, averageCheckpoints(members.map((member) => member.file)))
    const means = judged.map((_, i) => members.reduce((total, { values }) => total + values[i]! / 3, 0))
    expect(maxDifference(await averaged.rewards(judged), means)).toBeLessThan(1e-12)
    expect(maxDifference(members[0]!.values, means)).toBeGreaterThan(0.1)
  })

  it('leaves an optimizer to the first, and what the first says of itself', async () => {
    const [, config] = architectures[1]!
    const make = async (seed: number): Promise<TransformerPolicy> => {
      const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
      await randomise(policy, seed)
      return policy
    }
    const [anchor, policy] = [await make(1), await make(2)]
    const { provenance } = anchor
    const saved = await anchor.save({ optimizer: true })
    const moved = averageCheckpoints([saved, await policy.save({ optimizer: true })], [0, 1])
    await anchor.load(moved)
    const [scores, wanted] = [await anchor.score(sequences), await policy.score(sequences)]
    scores.forEach((of, i) => {
      // a + 1 · (b − a) is b up to its last bit.
      expect(maxDifference(scoreOf(of, 'logprob'), scoreOf(wanted[i]!, 'logprob'))).toBeLessThan(1e-12)
    })
    expect(anchor.provenance).toEqual(provenance)
    const moments = (file: Uint8Array): unknown =>
      [...decodeSafetensors(file).tensors].filter(([name]) => name.startsWith('adamw.'))
    expect(moments(moved)).toEqual(moments(saved))
  })
})

describe('averageCheckpoints refuses', () => {
  it('other shapes, types and files', async () => {
    const [small, large] = [await tableOf([0, 1]).save(), await tableOf([0, 1, 2]).save()]
    expect(() => averageCheckpoints([small, large])).toThrow(
      'tensor logits is F64 [1, 2] in checkpoints[0], but F64 [1, 3] in checkpoints[1]',
    )
    const file = (tensor: Tensor, format = 'posttrain-tabular'): Uint8Array =>
      encodeSafetensors({ tensors: new Map([['logits', tensor]]), metadata: { format } })
    const single = file({ dtype: 'F32', shape: [1, 2], data: new Float32Array(2) })
    expect(() => averageCheckpoints([small, small, single])).toThrow(
      'is F64 [1, 2] in checkpoints[0], but F32 [1, 2] in checkpoints[2]',
    )
    expect(averageCheckpoints([single, single])).toEqual(single)
    const whole = file({ dtype: 'I32', shape: [1], data: new Int32Array(1) })
    expect(() => averageCheckpoints([whole, whole])).toThrow('tensor logits has the type I32; F32 and F64 can be')
    const other = file({ dtype: 'F32', shape: [1, 2], data: new Float32Array(2) }, 'posttrain-transformer')
    expect(() => averageCheckpoints([single, other])).toThrow(
      'the format of checkpoints[1] is posttrain-transformer, but that of checkpoints[0] is posttrain-tabular',
    )
    expect(() => averageCheckpoints([{ location: 'tinker://a' }, small])).toThrow(
      'checkpoints[0]: the weights are at tinker://a, and only bytes can be averaged',
    )
    expect(() => averageCheckpoints([new Uint8Array(3), small])).toThrow('checkpoints[0]: not a safetensors file')
    expect(() => averageCheckpoints([small, new Uint8Array(20)])).toThrow(
      'checkpoints[1]: not a safetensors file: its header is not JSON',
    )
  })

  it('a tensor that one of them lacks', () => {
    const tensor: Tensor = { dtype: 'F32', shape: [1], data: new Float32Array(1) }
    const file = (...names: string[]): Uint8Array =>
      encodeSafetensors({ tensors: new Map(names.map((name) => [name, tensor])), metadata: {} })
    const message = 'tensor bias is F32 [1] in checkpoints[0], but missing in checkpoints[1]'
    expect(() => averageCheckpoints([file('weight', 'bias'), file('weight')])).toThrow(message)
    expect(() => averageCheckpoints([file('weight'), file('weight', 'bias')])).toThrow(
      'tensor bias is missing in checkpoints[0], but F32 [1] in checkpoints[1]',
    )
  })

  it('another architecture, tokenizer, adapter or initialisation, by name', async () => {
    const [, config] = architectures[2]!
    const device = createReferenceDevice()
    const make = (more: object): Promise<Uint8Array> =>
      new TransformerPolicy({ device, config, tokenizer, ...more }).save()
    const own = await make({})
    const refused = async (more: object, file: Uint8Array = own): Promise<unknown> => {
      const other = await make(more)
      expect(() => averageCheckpoints([file, file])).not.toThrow()
      try {
        return averageCheckpoints([file, other])
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(await refused({ config: { ...config, layers: 3 } })).toBe(
      'checkpoints[1] has layers 3, but checkpoints[0] has 2',
    )
    expect(await refused({ config: { ...config, normEpsilon: 0.1 } })).toMatch(/^checkpoints\[1\] has normEpsilon 0.1/)
    expect(await refused({ tokenizer: wordTokenizer(['0', '1', '2', '3', '5', '.'], '.') })).toMatch(
      /^the tokenizer of checkpoints\[1\] is .*, but that of checkpoints\[0\] is /,
    )
    expect(await refused({ seed: 1 })).toMatch(/^the lineage of checkpoints\[1\] is /)
    expect(await refused({ lineage: 'a' }, await make({ lineage: 'b' }))).toBe(
      'the lineage of checkpoints[1] is a, but that of checkpoints[0] is b',
    )
    const adapter = async (alpha: number): Promise<Uint8Array> =>
      new TransformerPolicy({ device, config, tokenizer, lora: { rank: 2, alpha } }).save()
    const [four, eight] = [await adapter(4), await adapter(8)]
    expect(() => averageCheckpoints([four, eight])).toThrow(/^the lora of checkpoints\[1\] is .*8.*4/)
  })

  it('weights that are none, and no checkpoints', async () => {
    const file = await tableOf([0, 1]).save()
    expect(() => averageCheckpoints([])).toThrow('there are no checkpoints to average')
    expect(() => averageCheckpoints([file, file], [1])).toThrow('weights must have 2 entries, but has 1')
    expect(() => averageCheckpoints([file, file], [2, -1])).toThrow('weights[1] must be')
    expect(() => averageCheckpoints([file, file], [0, NaN])).toThrow('weights[1]')
    expect(() => averageCheckpoints([file, file], [0, 0])).toThrow('all weights are 0')
  })
})
