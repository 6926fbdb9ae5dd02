import { invalidArgument } from '@posttrain/core'
import { game24 } from './game24/game24.js'
import * as game24Settings from './game24/settings.js'
import { multiplication } from './multiplication/multiplication.js'
import * as multiplicationSettings from './multiplication/settings.js'
import type { PretrainingSettings, Recipe, RunDefaults } from './recipe.js'

const RECIPES: Readonly<Record<string, () => Recipe>> = { game24, multiplication }

/** Names of the recipes there are. */
export const recipeNames: readonly string[] = Object.keys(RECIPES)

/** Settings of each recipe, for those who do not need its tasks. */
export const recipeSettings: Readonly<
  Record<string, { readonly defaults: RunDefaults; readonly pretraining: PretrainingSettings }>
> = { game24: game24Settings, multiplication: multiplicationSettings }

/**
 * A recipe by its name.
 *
 * @throws PosttrainError `invalid-argument` listing the names there are
 */
export function createRecipe(name: string): Recipe {
  const create = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined
  if (!create)
    throw invalidArgument(`there is no recipe ${JSON.stringify(name)}`, `choose one of ${recipeNames.join(', ')}`)
  return create()
}
