import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { mean, requestId } from '@posttrain/core'
import type { Group, ObjectiveProcedure, Outcome, Sample, Sampler, Task } from '@posttrain/core'
import { passAtKObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { bestOf, evaluate, firstPassing, majorityVote, replayGroups, runProcedure } from '@posttrain/sampling'

/** Real data lie beside the repository, if at all. */
const folder = fileURLToPath(new URL('../../../../shared/data/tot_game24', import.meta.url))
const isMissing = !existsSync(folder)
const title = '100 samples by GPT-4 on 100 puzzles of the Game of 24'

interface Row {
  readonly ys: readonly string[]
  readonly accs?: readonly boolean[]
  readonly infos?: readonly { readonly r: number }[]
}

function load(prompt: 'standard' | 'cot'): readonly Group[] {
  if (isMissing) return []
  const rows = JSON.parse(readFileSync(`${folder}/gpt-4_0.7_naive_${prompt}_sample_100.json`, 'utf8')) as readonly Row[]
  return rows.map(({ ys, accs, infos }, place): Group => {
    const id = `puzzle ${place}`
    const verdicts = accs?.map(Number) ?? infos!.map(({ r }) => r)
    const outcomes = ys.map((text, i): Outcome => {
      const answer = text.trim().split('\n').at(-1)!.toLowerCase()
      return { kind: 'scored', reward: verdicts[i]!, answer, parts: { shortness: -text.length } }
    })
    const samples = ys.map((text, index): Sample => {
      const usage = { promptTokens: 0, completionTokens: 1 }
      return { id, taskId: id, index, seed: 0, text, finish: 'stop', usage }
    })
    return { task: { id, prompt: '?' }, samples, outcomes }
  })
}

const rewardOf = ({ outcomes }: Group, i: number): number => {
  const outcome = outcomes[i]!
  return outcome.kind === 'scored' ? outcome.reward : 0
}

describe.skipIf(isMissing)(isMissing ? `${title} (skipped: ../shared/data/tot_game24 is not here)` : title, () => {
  const plain = load('standard')
  const thought = load('cot')
  const value = async (groups: readonly Group[], procedure: ObjectiveProcedure): Promise<readonly number[]> => {
    const { perTask } = await evaluate({ ...replayGroups(groups), procedure, samplesPerTask: 100 })
    return perTask.map(({ values }) => values[0]!)
  }

  it.each([
    [1, 0.0734, 0.0403],
    [2, 0.10574545454545455, 0.0728],
    [10, 0.1788870891446286, 0.21476924101631448],
    [50, 0.27278807656386095, 0.4068478461300689],
    [100, 0.33, 0.49],
  ])('replayed, the best of %d by the verifier solves the published %d and %d', async (k, standard, cot) => {
    for (const [groups, exact] of [
      [plain, standard],
      [thought, cot],
    ] as const) {
      const by = replayGroups(groups).reward
      expect(mean(await value(groups, bestOf({ n: k, by })))).toBeCloseTo(exact, 12)
      expect(mean(await value(groups, firstPassing({ k, by })))).toBeCloseTo(exact, 12)
      const { estimates } = await evaluate({
        ...replayGroups(groups),
        objectives: [passAtKObjective({ k })],
        samplesPerTask: 100,
      })
      expect(estimates[0]!.value).toBeCloseTo(exact, 12)
    }
  })

  it('replayed, a vote of all 100 solves 8.8333 of 100, and a run of it decides likewise', async () => {
    const replay = replayGroups(thought)
    const vote = majorityVote({ k: 100, answerOf: replay.answerOf })
    const exact = await value(thought, vote)
    expect(mean(exact)).toBeCloseTo(0.53 / 6, 12)
    for (const [place, task] of replay.tasks.entries()) {
      const { sample } = await runProcedure(vote, replay.sampler, task)
      const [outcome] = await replay.reward.score(task, [sample!])
      const worth = outcome!.kind === 'scored' ? outcome!.reward : 0
      if (exact[place] === 0 || exact[place] === 1) expect(worth).toBe(exact[place])
    }
  })

  /** The classes of samples that no procedure here can tell apart, with how many there are of each. */
  function classesOf(group: Group): readonly { readonly first: number; readonly count: number }[] {
    const classes = new Map<string, { first: number; count: number }>()
    group.outcomes.forEach((outcome, i) => {
      const { first, count } = classes.get(JSON.stringify(outcome)) ?? { first: i, count: 0 }
      classes.set(JSON.stringify(outcome), { first, count: count + 1 })
    })
    return [...classes.values()]
  }

  /** What `run` is worth over all ordered ways to draw k of a group's samples, exactly. */
  async function overAllDraws(group: Group, procedure: ObjectiveProcedure, k: number): Promise<number> {
    const { task, samples } = group
    const classes = classesOf(group)
    let total = 0
    const visit = async (drawn: readonly number[], weight: number): Promise<void> => {
      if (drawn.length === k) {
        const sampler: Sampler = {
          async *sample(requests) {
            const { count, firstIndex = 0, seed, id = task.id } = requests[0]!
            for (let index = firstIndex; index < firstIndex + count; index++) {
              yield { ...samples[classes[drawn[index]!]!.first]!, id, seed, index }
            }
          },
        }
        const { sample } = await procedure.run(sampler, task)
        if (sample)
          total +=
            weight *
            rewardOf(
              group,
              samples.findIndex(({ text }) => text === sample.text),
            )
        return
      }
      for (const [place, { count }] of classes.entries()) {
        const left = count - drawn.filter((other) => other === place).length
        if (left > 0) await visit([...drawn, place], (weight * left) / (samples.length - drawn.length))
      }
    }
    await visit([], 1)
    return total
  }

  it('votes and choices over every draw of three of 100 samples are worth what their objectives estimate', async () => {
    // Puzzles that are neither never nor always solved, with at most 16 classes: up to 4,096 draws each.
    const chosen = plain.filter((group) => {
      const solved = group.outcomes.filter((_, i) => rewardOf(group, i) === 1).length
      return solved > 0 && solved < 100 && classesOf(group).length <= 16
    })
    expect(chosen.length).toBeGreaterThanOrEqual(5)
    const answerOf = ({ text }: Sample): string => text.trim().split('\n').at(-1)!.toLowerCase()
    const shortness = {
      name: 'shortness',
      score: async (_: unknown, samples: readonly Sample[]) =>
        samples.map(({ text }) => ({ kind: 'scored' as const, reward: -text.length })),
    }
    const verdicts = new Map(
      plain.flatMap((group) => group.samples.map(({ text }, i) => [`${group.task.id} ${text}`, rewardOf(group, i)])),
    )
    const tests = {
      name: 'tests',
      score: async ({ id }: Task, samples: readonly Sample[]) =>
        samples.map(({ text }) => ({ kind: 'scored' as const, reward: verdicts.get(`${id} ${text}`)! })),
    }
    for (const procedure of [
      majorityVote({ k: 3, ties: 'strict', answerOf }),
      bestOf({ n: 3, by: shortness }),
      firstPassing({ k: 3, by: tests }),
    ]) {
      const exact = await value(chosen, procedure)
      for (const [place, group] of chosen.slice(0, 5).entries()) {
        expect(await overAllDraws(group, procedure, 3)).toBeCloseTo(exact[place]!, 12)
      }
    }
  })

  it('runs of 8 and of 32 replayed are worth that on average', async () => {
    const replay = replayGroups(thought)
    const runs = 20
    for (const procedure of [
      majorityVote({ k: 8, answerOf: replay.answerOf }),
      majorityVote({ k: 32, answerOf: replay.answerOf }),
      bestOf({ n: 8, by: replay.by('shortness') }),
      firstPassing({ k: 32, by: replay.reward }),
    ]) {
      const exact = await value(thought, procedure)
      let sum = 0
      for (const task of replay.tasks) {
        for (let run = 0; run < runs; run++) {
          const { sample } = await runProcedure(procedure, replay.sampler, task, { id: requestId(task.id, run) })
          if (!sample) continue
          const [outcome] = await replay.reward.score(task, [sample])
          sum += outcome!.kind === 'scored' ? outcome!.reward : 0
        }
      }
      const variance = mean(exact.map((p) => p * (1 - p))) / (runs * exact.length)
      expect(Math.abs(sum / (runs * exact.length) - mean(exact))).toBeLessThan(4 * Math.sqrt(variance))
    }
  })
})
