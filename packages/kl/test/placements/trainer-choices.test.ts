import { describe, expect, it } from 'vitest'
import { describeGradient, klDivergence, reverseKlGradient, trainerChoices, type TrainerChoice } from '@posttrain/kl'
import { distribution, golden, type TrainerCase } from '../golden.js'

const names = Object.keys(trainerChoices) as TrainerChoice[]

/** Our cotangents of a choice on a sample, carried to the logits. */
function gradientOf(
  name: TrainerChoice,
  { coefficient, tokens, ...rows }: TrainerCase,
): { value: number; gradient: number[][] } {
  const [policy, reference, sampling] = [rows.policy, rows.reference, rows.sampling].map((side) =>
    side.map(distribution),
  )
  const logprobs = (side: typeof policy) => Float64Array.from(tokens, (token, t) => side![t]!.logprobs[token]!)
  const { value, cotangents } = trainerChoices[name].contribution(
    { logprob: logprobs(policy) },
    { referenceLogprob: logprobs(reference), rolloutLogprob: logprobs(sampling) },
    coefficient,
  )
  const gradient = policy!.map(({ probabilities }, t) =>
    Array.from(probabilities, (p, v) => (cotangents.logprob?.[t] ?? 0) * ((v === tokens[t] ? 1 : 0) - p)),
  )
  return { value, gradient }
}

describe('choices of TRL and verl, against PyTorch', () => {
  it('are all there', () => {
    for (const { choices } of golden.trainers) expect(Object.keys(choices).sort()).toEqual([...names].sort())
  })

  it.each(names)('%s', (name) => {
    for (const sample of golden.trainers) {
      const expected = sample.choices[name]!
      const { value, gradient } = gradientOf(name, sample)
      const size = Math.max(1, ...expected.gradient.flat().map(Math.abs), Math.abs(expected.value))
      // both sides are float64; exp(25) takes the rounding of a log-ratio to 1e-15 of itself
      expect(Math.abs(value - expected.value)).toBeLessThan(1e-12 * size)
      gradient.flat().forEach((g, i) => expect(Math.abs(g - expected.gradient.flat()[i]!)).toBeLessThan(1e-12 * size))
    }
  })

  it('say what they optimise', () => {
    const said = Object.fromEntries(names.map((name) => [name, describeGradient(trainerChoices[name].gradient)]))
    const k3InReward = 'biased: reverse-KL minus the forward-KL gradient of k3 in loss; can point uphill'
    const clamp = 'biased: the clamp cuts off extreme tokens; without any such token '
    expect(said).toEqual({
      'trl GRPOConfig.beta': 'next-token forward-KL, prefixes fixed',
      'trl GRPOConfig.beta with use_bias_correction_kl': 'next-token reverse-KL, prefixes fixed',
      'trl RLOOConfig.beta': 'reverse-KL exact',
      'trl PPOConfig.kl_estimator=k1': 'reverse-KL exact',
      'trl PPOConfig.kl_estimator=k3': k3InReward,
      'verl kl_loss_type=kl': 'none',
      'verl kl_loss_type=abs': '2 × next-token total-variation, prefixes fixed',
      'verl kl_loss_type=mse': 'next-token reverse-KL, prefixes fixed',
      'verl kl_loss_type=low_var_kl': `${clamp}next-token forward-KL, prefixes fixed`,
      'verl kl_loss_type=kl+': 'next-token reverse-KL, prefixes fixed',
      'verl kl_loss_type=abs+': 'next-token reverse-KL, prefixes fixed',
      'verl kl_loss_type=low_var_kl+': 'next-token reverse-KL, prefixes fixed',
      'verl kl_penalty=kl': 'reverse-KL exact',
      'verl kl_penalty=abs': 'biased: lacks the derivative of abs itself',
      'verl kl_penalty=mse': 'biased: lacks the derivative of k2 itself',
      'verl kl_penalty=low_var_kl': `${clamp}${k3InReward}`,
    })
  })

  it('the exact next-token KL and its gradient agree with torch.distributions', () => {
    for (const { policy, reference, ...expected } of golden.trainers) {
      policy.forEach((row, t) => {
        const [p, q] = [distribution(row), distribution(reference[t]!)]
        expect(klDivergence(p, q)).toBeCloseTo(expected['next-token kl'][t]!, 12)
        reverseKlGradient(p, q).forEach((g, v) => expect(g).toBeCloseTo(expected['next-token kl gradient'][t]![v]!, 12))
      })
    }
  })
})
