import { readFileSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createReferenceDevice } from '@posttrain/compute'
import { TransformerPolicy } from '@posttrain/models'
import { checkpointPath, createRecipe, recipeNames, type PretrainingLog } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'

describe.each(recipeNames)('the embedded checkpoint of %s', (name) => {
  const recipe = createRecipe(name)
  const file = readFileSync(checkpointPath(name))
  const log = JSON.parse(readFileSync(checkpointPath(name).replace('.safetensors', '.json'), 'utf8')) as PretrainingLog

  it('is the one its log tells of, made with the settings of the recipe', () => {
    expect(log.sha256).toBe(createHash('sha256').update(file).digest('hex'))
    expect(log.settings).toEqual(recipe.pretraining)
    expect(statSync(checkpointPath(name)).size).toBeLessThan(2 * 2 ** 20)
  })

  it('has the shape and vocabulary of the recipe', async () => {
    const policy = await TransformerPolicy.fromCheckpoint(createReferenceDevice(), file)
    expect(policy.config).toEqual(recipe.model)
    expect(policy.tokenizer.toJSON()).toEqual(recipe.tokenizer.toJSON())
    expect(policy.parameterCount).toBe(log.parameters)
  })
})
