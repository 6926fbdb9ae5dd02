import { fileURLToPath } from 'node:url'
import { proceduresDocument } from './document.js'
import { difficulties, game24Groups } from './game24-samples.js'
import { difficultyChoices, promptMeasurements } from './measurements.js'

/** The samples lie beside the repository, if at all. */
export const SAMPLES: string = fileURLToPath(new URL('../../../shared/data/tot_game24', import.meta.url))

/** Characters per puzzle: about 3 to 50 samples of the plain prompt. */
const BUDGETS = [100, 200, 400, 800, 1500]

/** Measures everything and writes the page. */
export async function proceduresPage(folder: string = SAMPLES): Promise<string> {
  const prompts = [
    { title: 'plain', groups: game24Groups(folder, 'standard') },
    { title: 'chain of thought', groups: game24Groups(folder, 'cot') },
  ]
  const people = { title: 'people who do not solve the puzzle', difficulties: difficulties(folder, prompts[0]!.groups) }
  const measured = []
  for (const prompt of prompts) measured.push(await promptMeasurements(prompt))
  return proceduresDocument(measured, await difficultyChoices(prompts, [people], BUDGETS))
}
