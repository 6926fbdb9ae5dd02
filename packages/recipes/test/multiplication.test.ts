import { createRecipe } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'

const recipe = createRecipe('multiplication')

describe('multiplication', () => {
  it('divides all 81,000 problems', () => {
    const { train, validation, heldOut } = recipe.tasks
    expect([train.length, validation.length, heldOut.length]).toEqual([80_500, 200, 300])
    expect(new Set([...train, ...validation, ...heldOut].map(({ prompt }) => prompt)).size).toBe(81_000)
  })

  it('pretrains on right products of training problems alone', async () => {
    const reserved = new Set([...recipe.tasks.validation, ...recipe.tasks.heldOut].map(({ prompt }) => prompt))
    const examples = recipe.pretrainingBatches(2000, 1)(0)
    for (const { prompt, tokens } of examples) {
      expect(reserved.has(prompt)).toBe(false)
      const sample = { taskId: 'a', index: 0, seed: 0, text: recipe.tokenizer.decode(tokens), finish: 'stop' } as const
      const usage = { promptTokens: 7, completionTokens: tokens.length }
      const [outcome] = await recipe.reward.score({ id: 'a', prompt }, [{ ...sample, usage }])
      expect(outcome).toMatchObject({ kind: 'scored', reward: 1 })
      expect(tokens.length).toBe(recipe.maxTokens)
    }
  })
})
