import { textPrompt } from '@posttrain/core'
import { createRecipe } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'
import { samplesOf } from '../samples.js'

const recipe = createRecipe('multiplication')

describe('multiplication', () => {
  it('divides all 81,000 problems', () => {
    const { train, validation, heldOut } = recipe.tasks
    expect([train.length, validation.length, heldOut.length]).toEqual([80_500, 200, 300])
    expect(new Set([...train, ...validation, ...heldOut].map(({ prompt }) => prompt)).size).toBe(81_000)
  })

  it('pretrains on right products of training problems alone', async () => {
    const reserved = new Set([...recipe.tasks.validation, ...recipe.tasks.heldOut].map(textPrompt))
    const examples = recipe.pretrainingBatches(2000, 1)(0)
    for (const { prompt, tokens } of examples) {
      expect(reserved.has(prompt)).toBe(false)
      const [outcome] = await recipe.reward.score({ id: 't', prompt }, samplesOf([recipe.tokenizer.decode(tokens)]))
      expect(outcome).toMatchObject({ kind: 'scored', reward: 1 })
      expect(tokens.length).toBe(recipe.maxTokens)
    }
  })
})
