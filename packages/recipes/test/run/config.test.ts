import { PosttrainError } from '@posttrain/core'
import { createRecipe } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'
import { readRunConfig, requireWorkable, resolveRunConfig, writeRunConfig } from '../../src/run/config.js'
import { createExperiment } from '../../src/run/experiment.js'

const recipe = createRecipe('multiplication')
const config = resolveRunConfig(recipe, {}, '0'.repeat(64))

/** What reading an edited configuration ends with, before any work. */
function refusalOf(changes: object): string {
  try {
    const read = readRunConfig(JSON.stringify({ ...config, ...changes }, null, 2) + '\n', 'config.json')
    requireWorkable(read, recipe)
    createExperiment(read, recipe)
  } catch (error) {
    expect(error).toBeInstanceOf(PosttrainError)
    expect((error as PosttrainError).message).not.toContain('\n')
    return (error as PosttrainError).message
  }
  return 'accepted'
}

describe('a configuration', () => {
  it('is read back from its own text, and from no other', () => {
    expect(readRunConfig(writeRunConfig(config), 'config.json')).toEqual(config)
    expect(refusalOf({})).toBe('accepted')
    for (const text of ['', '{', 'null', JSON.stringify(config), `${writeRunConfig(config)}\n`]) {
      expect(() => readRunConfig(text, 'a/config.json')).toThrow(/^a\/config\.json is /)
    }
  })

  it.each([
    [{ algorithms: ['mean', 'nope'] }, "the algorithm 'nope' is unknown"],
    [{ algorithms: ['mean', 'mean'] }, 'the algorithm mean is given twice'],
    [{ algorithms: ['pass@64'] }, 'training by pass@64 needs at least 64 samples'],
    [{ algorithms: ['../../../evil@1'] }, 'is unknown'],
    [{ algorithms: [] }, 'algorithms: Too small'],
    [{ heldOutTasks: 100_000 }, 'held-out tasks, but 100000 are to be measured'],
    [{ heldOutTasks: 1 }, 'but 1 are to be measured'],
    [{ samplesPerTask: 1 }, 'needs'],
    [{ samplesPerTask: 1e9 }, 'samplesPerTask: Too big'],
    [{ promptsPerStep: 1e9 }, 'promptsPerStep: Too big'],
    [{ samplesPerPrompt: 1e9 }, 'samplesPerPrompt: Too big'],
    [{ promptsPerStep: 1e5, samplesPerPrompt: 1e5 }, 'are too many for one step'],
    [{ promptsPerStep: 0 }, 'promptsPerStep: Too small'],
    [{ steps: 1e15 }, 'steps: Too big'],
    [{ steps: -1 }, 'steps: Too small'],
    [{ steps: 1.5 }, 'steps: '],
    [{ learningRate: 1e308 }, 'learningRate: Too big'],
    [{ learningRate: 0 }, 'learningRate: Too small'],
    [{ seed: -1 }, 'seed: Too small'],
    [{ device: 'cuda' }, 'device: '],
    [{ checkpoint: '0' }, 'checkpoint: '],
    [{ unknown: 1 }, 'unknown'],
  ])('with %j is refused in one sentence', (changes, message) => {
    expect(refusalOf(changes)).toContain(message)
  })

  it('is refused alike when it is chosen', () => {
    for (const choices of [{ steps: 1e15 }, { learningRate: 1e308 }, { promptsPerStep: 1e9 }, { heldOutTasks: 1e5 }]) {
      expect(() => resolveRunConfig(recipe, choices, config.checkpoint)).toThrow(
        expect.objectContaining({ code: 'invalid-argument' }),
      )
    }
  })
})
