import { invalidArgument, requireEnoughSamples, type Objective, type ObjectiveProcedure } from '@posttrain/core'
import { familyOf, parseObjective } from '@posttrain/estimators'
import { isProcedureName, parseProcedure } from '@posttrain/sampling'
import { parseAlgorithm, policyGradient } from '@posttrain/trainers'
import type { Algorithm, ReferenceRewards } from '@posttrain/trainers'
import type { Recipe } from '../recipe.js'
import { createRecipe } from '../recipes.js'
import type { RunConfig } from './config.js'

/** The untrained checkpoint, as a variant beside the trained ones. */
export const BASELINE = 'checkpoint'

/** One thing that is measured: the checkpoint, or a copy of it that was trained. */
export interface Variant {
  readonly name: string
  /** How it is called in tables and charts. */
  readonly label: string
  /** How it is trained; absent for the checkpoint. */
  readonly training?: VariantTraining | undefined
}

/** How a variant is trained. */
export interface VariantTraining {
  /** It may lack rewards of the checkpoint's samples, which are then collected first, for `algorithmWith`. */
  readonly algorithm: Algorithm
  readonly algorithmWith: (referenceRewards: ReferenceRewards | undefined) => Algorithm
}

/** A run with everything resolved: what both the command and each worker go by. */
export interface Experiment {
  readonly recipe: Recipe
  readonly config: RunConfig
  /** The checkpoint first. */
  readonly variants: readonly Variant[]
  /** What every variant is measured by: the recipe's metrics and those trained for, as far as the samples suffice. */
  readonly metrics: readonly Objective[]
}

/**
 * Resolves a configuration.
 *
 * @throws PosttrainError `invalid-argument` for an unknown algorithm, or one that needs more samples than are drawn
 */
export function createExperiment(config: RunConfig, recipe: Recipe = createRecipe(config.recipe)): Experiment {
  const trained = config.algorithms.map((name) => trainedVariant(name, recipe, config))
  const variants = [{ name: BASELINE, label: 'before training' }, ...trained]
  return { recipe, config, variants, metrics: metricsOf(recipe, config) }
}

/**
 * A name that stands for a procedure is trained for by the procedure itself, which is what would be deployed; any other
 * is a row of the table of algorithms.
 */
function trainedVariant(name: string, recipe: Recipe, config: RunConfig): Variant {
  const settings = { maxTokens: recipe.maxTokens, seed: config.seed }
  const make = (referenceRewards?: ReferenceRewards): Algorithm =>
    isProcedureName(name)
      ? policyGradient(trainedProcedure(name, recipe))
      : parseAlgorithm(name, { ...settings, referenceRewards })
  const algorithm = make()
  const needed = Math.max(algorithm.advantages.minimumSamples, algorithm.objective.k)
  requireEnoughSamples(`training by ${name}`, needed, config.samplesPerPrompt)
  requireEnoughSamples(`measuring ${objectiveNameOf(name, recipe)}`, algorithm.objective.k, config.samplesPerTask)
  return {
    name,
    label: familyOf(name) ? `trained for ${name}` : `trained by ${name}`,
    training: { algorithm, algorithmWith: make },
  }
}

/** `mean` is pass@1 for rewards of 0 and 1. */
function metricsOf(recipe: Recipe, config: RunConfig): Objective[] {
  const trainedFor = config.algorithms.map((name) => objectiveNameOf(name, recipe)).filter((name) => name !== 'mean')
  return metricsByName([...recipe.metrics, ...trainedFor]).filter(({ k }) => k <= config.samplesPerTask)
}

/** Metrics, each once: by family in order of first appearance, and by k. */
export function metricsByName(names: readonly string[]): Objective[] {
  const families = [...new Set(names.map(familyOf))]
  const place = (name: string): number => families.indexOf(familyOf(name))
  return [...new Set(names)]
    .map((name) => parseObjective(name))
    .sort((a, b) => place(a.name) - place(b.name) || a.k - b.k)
}

/** The procedure of a name, as long as it can be trained for. */
function trainedProcedure(name: string, recipe: Recipe): ObjectiveProcedure {
  const procedure = parseProcedure(name, { by: recipe.reward, answerOf: recipe.answerOf })
  const { objective } = procedure
  if (objective) return { ...procedure, objective }
  throw invalidArgument(
    `${name} has no objective: what it answers is no function of independent samples`,
    'train for one that has, for instance maj@8, and deploy this one',
  )
}

/** The metric that an algorithm is meant to maximise. */
export function objectiveNameOf(name: string, recipe: Recipe): string {
  if (familyOf(name) !== undefined && isProcedureName(name)) return name
  const { objective } = isProcedureName(name) ? trainedProcedure(name, recipe) : parseAlgorithm(name, recipe)
  return objective.name
}
