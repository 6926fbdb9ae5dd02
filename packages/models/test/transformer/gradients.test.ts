import { createReferenceDevice } from '@posttrain/compute'
import { scoreOf, type LossValue, type ScoreRequest, type TokenCotangents, type TokenScores } from '@posttrain/core'
import { bradleyTerryLoss, stepLabelLoss } from '@posttrain/losses'
import { atLastToken, RewardModel, TransformerPolicy, type LoraSettings } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { directionalDerivatives, perturb, randomise, type DirectionalDerivative } from '../support/weights.js'

/** A smooth function of all scores, and its cotangents. */
function loss(scores: readonly TokenScores[]): { value: number; cotangents: TokenCotangents[] } {
  let value = 0
  const cotangents = scores.map((of, i) => {
    const weight = (t: number, c: number): number => Math.sin(3 * i + t + c)
    const square = (x: Float64Array, c: number): Float64Array =>
      x.map((y, t) => {
        value += weight(t, c) * y * y
        return 2 * weight(t, c) * y
      })
    return {
      logprob: square(scoreOf(of, 'logprob'), 0),
      entropy: square(scoreOf(of, 'entropy'), 1),
      klToReference: square(scoreOf(of, 'klToReference'), 2),
      ...(of.value ? { value: square(of.value, 3) } : {}),
    }
  })
  return { value, cotangents }
}

/**
 * Steps of 1e-5 in float64 leave about 1e-9 of truncation and 1e-10 of rounding, and ε = 1e9 about 1e-7 of AdamW's.
 */
function expectEqual(derivatives: readonly DirectionalDerivative[]): void {
  for (const { name, exact, numeric, largest } of derivatives) {
    expect(Math.abs(exact - numeric) / Math.max(1, Math.abs(numeric)), name).toBeLessThan(1e-6)
    expect(largest, name).toBeGreaterThan(1e-6)
  }
}

describe.each(architectures)('gradients of a model that is %s', (_, config) => {
  const check = async (lora?: LoraSettings, temperature?: number): Promise<readonly DirectionalDerivative[]> => {
    const device = createReferenceDevice()
    const policy = new TransformerPolicy({ device, config, tokenizer, seed: 1, lora })
    await randomise(policy, 1)
    const reference = await policy.snapshot()
    await perturb(policy, (_name, data) => data.forEach((x, i) => (data[i] = x * 1.1 + 0.01 * Math.sin(i))))
    const request: ScoreRequest = { scores: [...policy.differentiable], reference, temperature }
    return directionalDerivatives(
      policy,
      async () => loss(await policy.score(sequences, request)).value,
      async () => {
        const pass = await policy.forward(sequences, request)
        await pass.backward(loss(pass.scores).cotangents)
      },
    )
  }

  it('equal central differences in a random direction of every tensor', async () => {
    expectEqual(await check())
  })

  it('equal them at another temperature', async () => {
    expectEqual(await check(undefined, 0.6))
  })

  it('equal them in every tensor of an adapter', async () => {
    const derivatives = await check({ rank: 3, alpha: 5 })
    const heads = config.valueHead ? 2 : 0
    expect(derivatives).toHaveLength(config.layers * 4 * 2 + heads)
    expectEqual(derivatives)
  })

  it('equal them in every tensor of a reward model', async () => {
    const model = new RewardModel({ device: createReferenceDevice(), config, tokenizer, seed: 1 })
    await randomise(model, 1)
    const judged = sequences.map(({ prompt, tokens }) => ({ prompt, pieces: [{ text: tokenizer.decode(tokens) }] }))
    const derivatives = await directionalDerivatives(
      model,
      async () => (await model.rewards(judged)).reduce((sum, r, i) => sum + (i - 0.7) * r * r, 0),
      async () => {
        const pass = await model.forward(sequences.map(atLastToken), { scores: ['value'] })
        const rewards = pass.scores.map((one) => scoreOf(one, 'value'))
        await pass.backward(rewards.map((r, i) => ({ value: r.map((x) => 2 * (i - 0.7) * x) })))
      },
    )
    expectEqual(derivatives)
  })

  it.each([
    ['pairs, with margin and centring', bradleyTerryLoss({ centring: 0.3 }), [{ margin: 0.4 }, {}, {}, {}]],
    ['labels of steps', stepLabelLoss(), [[1, 0.3, 0], [0.2, 1], [1], [0, 0.6, 1]].map((valueTarget) => ({ valueTarget }))], // prettier-ignore
  ] as const)('equal them in every tensor of a reward model by the loss of %s', async (_loss, loss, constants) => {
    const model = new RewardModel({ device: createReferenceDevice(), config, tokenizer, seed: 1 })
    await randomise(model, 1)
    const steps = [[3, 4, 5], [2, 5], [1], [0, 4, 5]].map((tokens) => ({
      prompt: '1 2',
      tokens,
      mask: Uint8Array.from(tokens, (_token, t) => (loss.pairs && t < tokens.length - 1 ? 0 : 1)),
    }))
    const evaluate = (scores: readonly TokenScores[]): LossValue =>
      loss.evaluate(scores, constants.map((own, i) => ({ ...own, weight: 0.5 + i - (i % 2) }))) // prettier-ignore
    const derivatives = await directionalDerivatives(
      model,
      async () => evaluate(await model.score(steps, { scores: ['value'] })).value,
      async () => {
        const pass = await model.forward(steps, { scores: ['value'] })
        await pass.backward(evaluate(pass.scores).cotangents)
      },
    )
    expect(derivatives.map(({ name }) => name)).toContain('value_head.weight')
    expectEqual(derivatives)
  })
})
