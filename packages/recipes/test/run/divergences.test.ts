import { readFileSync } from 'node:fs'
import { createWasmDevice } from '@posttrain/compute'
import { mean, scoreOf, sequenceOf, sum } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { checkpointPath, createRecipe } from '@posttrain/recipes'
import { collect } from '@posttrain/sampling'
import { parseAlgorithm, trainOnline } from '@posttrain/trainers'
import { expect, it } from 'vitest'
import { divergences } from '../../src/run/divergences.js'

it('is 0 before training, and then what log-probs of both say on average, with less noise', async () => {
  const { tasks, reward, maxTokens } = createRecipe('game24')
  const device = await createWasmDevice()
  const policy = await TransformerPolicy.fromCheckpoint(device, readFileSync(checkpointPath('game24')))
  const base = await policy.snapshot()
  const [task] = tasks.heldOut
  const draw = async () => (await collect(policy, [{ task: task!, count: 256, seed: 1, maxTokens }]))[0]!
  for (const kl of await divergences(policy, base, { task: task!, samples: await draw() })) {
    expect(Math.abs(kl)).toBeLessThan(1e-5)
  }
  const training = trainOnline({
    policy,
    tasks: tasks.train,
    reward,
    algorithm: parseAlgorithm('grpo', { maxTokens }),
    steps: 12,
    promptsPerStep: 8,
    samplesPerPrompt: 16,
    sampling: { maxTokens },
    optimizer: { learningRate: 1e-3 },
    seed: 0,
  })
  for await (const event of training) expect(event.kind).toBe('step')
  const samples = await draw()
  const exact = await divergences(policy, base, { task: task!, samples })
  const own = samples.map(({ logprobs }) => sum(logprobs!.values))
  const others = await base.score(
    samples.map((sample) => sequenceOf(task!, sample)),
    { scores: ['logprob'] },
  )
  const noisy = own.map((logprob, i) => logprob - sum(scoreOf(others[i]!, 'logprob')))
  const variance = (values: readonly number[]): number => mean(values.map((value) => (value - mean(values)) ** 2))
  expect(mean(exact)).toBeGreaterThan(0.05)
  expect(variance(exact)).toBeLessThan(variance(noisy))
  // Paired: their difference has mean 0.
  const differences = exact.map((kl, i) => kl - noisy[i]!)
  expect(Math.abs(mean(differences))).toBeLessThan(4 * Math.sqrt(variance(differences) / differences.length))
  device.dispose()
}, 120_000)
