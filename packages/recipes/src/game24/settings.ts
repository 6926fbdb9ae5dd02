import type { PretrainingSettings, RunDefaults } from '../recipe.js'

/** They make the embedded checkpoint. */
export const pretraining: PretrainingSettings = { steps: 509, batchSize: 256, learningRate: 2e-3, seed: 0 }

/** Of a run. */
export const defaults: RunDefaults = {
  algorithms: ['mean', 'pass@8'],
  steps: 220,
  promptsPerStep: 16,
  samplesPerPrompt: 16,
  learningRate: 1e-4,
}
