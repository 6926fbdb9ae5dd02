import { existsSync, readFileSync } from 'node:fs'
import type { Group, Outcome, Sample } from '@posttrain/core'

/** What the authors of Tree of Thoughts published: GPT-4's samples, 100 on each of 100 puzzles, for two prompts. */
export const PROMPTS = ['standard', 'cot'] as const
export type GamePrompt = (typeof PROMPTS)[number]

/** A row of a file: a place in the list of puzzles, texts, and verdicts in one of two forms. */
interface Row {
  readonly idx: number
  readonly ys: readonly string[]
  readonly accs?: readonly boolean[]
  readonly infos?: readonly { readonly r: number }[]
}

/** Where the samples lie, and whether they are there. */
export const hasSamples = (folder: string): boolean => existsSync(`${folder}/${fileOf('standard')}`)

const fileOf = (prompt: GamePrompt): string => `gpt-4_0.7_naive_${prompt}_sample_100.json`

/**
 * A group of 100 samples for each puzzle. Their length is counted in characters, for the files have no tokens; the
 * answer of a sample is its last line.
 */
export function game24Groups(folder: string, prompt: GamePrompt): readonly Group[] {
  const rows = JSON.parse(readFileSync(`${folder}/${fileOf(prompt)}`, 'utf8')) as readonly Row[]
  const puzzles = columns(folder)
  return rows.map(({ idx, ys, accs, infos }): Group => {
    const id = puzzles[idx]!.puzzle
    const verdicts = accs?.map(Number) ?? infos!.map(({ r }) => r)
    return {
      task: { id, prompt: id },
      samples: ys.map((text, index): Sample => {
        const usage = { promptTokens: 0, completionTokens: text.length }
        return { id, taskId: id, index, seed: 0, text, finish: 'stop', usage }
      }),
      outcomes: ys.map((text, i): Outcome => ({ kind: 'scored', reward: verdicts[i]!, answer: lastLine(text) })),
    }
  })
}

/** (puzzles of the samples): the share of people who did not solve it. */
export function difficulties(folder: string, groups: readonly Group[]): readonly number[] {
  const solved = new Map(columns(folder).map(({ puzzle, rate }) => [puzzle, rate]))
  return groups.map(({ task }) => 1 - solved.get(task.id)!)
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1).toLowerCase()

function columns(folder: string): readonly { readonly puzzle: string; readonly rate: number }[] {
  const [head, ...rows] = readFileSync(`${folder}/24.csv`, 'utf8').trim().split(/\r?\n/)
  const [puzzle, rate] = ['Puzzles', 'Solved rate'].map((name) => head!.split(',').indexOf(name))
  return rows.map((row) => {
    const cells = row.split(',')
    return { puzzle: cells[puzzle!]!, rate: Number.parseFloat(cells[rate!]!) / 100 }
  })
}
