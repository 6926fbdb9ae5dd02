import type { PretrainingSettings, RunDefaults } from '../recipe.js'

/** They make the embedded checkpoint. */
export const pretraining: PretrainingSettings = { steps: 340, batchSize: 256, learningRate: 2e-3, seed: 0 }

/** Of a run. */
export const defaults: RunDefaults = {
  algorithms: ['mean', 'maj@8'],
  steps: 200,
  promptsPerStep: 16,
  samplesPerPrompt: 16,
  learningRate: 3e-5,
}
