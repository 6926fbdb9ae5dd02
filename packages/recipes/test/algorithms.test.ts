import { readFileSync } from 'node:fs'
import { createDevice, type Device } from '@posttrain/compute'
import { TransformerPolicy } from '@posttrain/models'
import { checkpointPath, createRecipe } from '@posttrain/recipes'
import { algorithms, collectReferenceRewards, parseAlgorithm, train } from '@posttrain/trainers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Every row of the table can train the model of Game of 24: what `posttrain run game24 --algorithm` accepts. */
describe('one step of each algorithm on Game of 24', () => {
  const recipe = createRecipe('game24')
  const { reward, maxTokens } = recipe
  const tasks = recipe.tasks.train.slice(400, 404)
  let device: Device
  const checkpoint = readFileSync(checkpointPath('game24'))

  beforeAll(async () => {
    device = (await createDevice('wasm')).device
  })
  afterAll(() => {
    expect(device.allocatedBytes).toBe(0)
    device.dispose()
  })

  it.each(Object.keys(algorithms).map((name) => name.replace('@K', '@2')))('%s', async (name) => {
    const { advantages, lacks } = parseAlgorithm(name, { maxTokens })
    const valueHead = advantages.needs.includes('values')
    const policy = await TransformerPolicy.fromCheckpoint(device, checkpoint, { valueHead })
    const reference = await policy.snapshot()
    const referenceRewards = lacks
      ? await collectReferenceRewards({ reference, tasks, reward, count: 4, sampling: { maxTokens } })
      : undefined
    const algorithm = parseAlgorithm(name, { maxTokens, referenceRewards })
    const before = await policy.save()
    const [step] = await train({
      policy,
      tasks,
      reward,
      algorithm,
      reference,
      steps: 1,
      samplesPerPrompt: 8,
      sampling: { maxTokens },
    })
    expect(step).toMatchObject({ failed: 0, unscored: 0 })
    expect(step!.tokens).toBeGreaterThan(4 * 8)
    expect(step!.gradientNorm).toBeGreaterThan(0)
    expect(await policy.save()).not.toEqual(before)
    await reference.dispose()
    policy.dispose()
  })
})
