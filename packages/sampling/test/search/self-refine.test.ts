import { describe, expect, it } from 'vitest'
import type { Decision, RunOptions } from '@posttrain/core'
import { selfRefine, type SelfRefineOptions } from '@posttrain/sampling'
import { speakingSampler } from '../support/speaking-sampler.js'
import vectors from '../vectors/searches.json' with { type: 'json' }

const task = { id: 't', prompt: 'task', reference: 'secret' }
const functions: Omit<SelfRefineOptions, 'atMost'> = {
  critique(of, draft) {
    expect(of.reference).toBeUndefined()
    return `critique ${draft}`
  },
  accept: (critique) => critique === 'yes',
  revise: (_, draft, critique) => `revise ${draft} ${critique}`,
}

/** Says the drafts one after another, and accepts some of them. */
function run(
  drafts: readonly string[],
  accepts: (draft: string, place: number) => boolean,
  atMost: number,
  options?: RunOptions,
): Promise<Decision> {
  const sampler = speakingSampler((prompt, _, { id }) => {
    const place = (JSON.parse(id!) as [string, string, number])[2]
    if (prompt.startsWith('critique ')) return accepts(prompt.slice(9), place) ? 'yes' : 'no'
    if (place > 0) expect(prompt).toBe(`revise ${drafts[place - 1]!} no`)
    return drafts[place]!
  })
  return selfRefine({ ...functions, atMost }).run(sampler, task, options)
}
const draftsOf = ({ nodes }: Decision): number => nodes!.filter(({ id }) => id.startsWith('draft/')).length

describe('selfRefine', () => {
  const sequences = vectors['self-refine'].flatMap((vector) => ('drafts' in vector ? [vector] : []))
  it.each(sequences)('$name', async ({ drafts, accepted, budget, answer, calls, reason }) => {
    const decision = await run(drafts!, (draft) => accepted!.includes(draft), budget)
    expect(decision.answer).toBe(answer)
    expect(draftsOf(decision)).toBe(calls)
    const said = { accepted: 'was accepted', repeat: 'repeats', budget: 'none of' }[reason as string]!
    expect(decision.reason).toContain(said)
    expect(decision.stopped).toBe(reason === 'budget' ? 'complete' : 'decided')
  })

  const chances = vectors['self-refine'].flatMap((vector) => ('p' in vector ? [vector] : []))
  it.each(chances)('$name, over all sequences of verdicts', async (vector) => {
    const [above, below] = vector.p!.split('/').map(Number)
    const p = above! / below!
    let [calls, accepted] = [0, 0]
    for (let verdicts = 0; verdicts < 2 ** vector.budget; verdicts++) {
      const bits = Array.from({ length: vector.budget }, (_, i) => (verdicts >> i) & 1)
      const probability = bits.reduce((product, bit) => product * (bit ? p : 1 - p), 1)
      const texts = bits.map((_, i) => `draft${i}`)
      const decision = await run(texts, (_, place) => bits[place] === 1, vector.budget)
      calls += probability * draftsOf(decision)
      accepted += decision.stopped === 'decided' ? probability : 0
    }
    expect(calls).toBeCloseTo(vector.expected_calls!.float, 12)
    expect(accepted).toBeCloseTo(vector.accepted_probability!.float, 12)
  })

  it('draws a critique of every draft, and no more than both of each', async () => {
    const decision = await run(['a', 'b', 'c'], () => false, 3)
    expect(decision.nodes!.map(({ id, parents, isFinished }) => [id, parents, isFinished])).toEqual([
      ['draft/0', [], true],
      ['critique/0', ['draft/0'], false],
      ['draft/1', ['critique/0'], true],
      ['critique/1', ['draft/1'], false],
      ['draft/2', ['critique/1'], true],
      ['critique/2', ['draft/2'], false],
    ])
  })

  it('spends a floor, and still answers with the draft that was accepted first', async () => {
    const drafts = ['a', 'b', 'c', 'd', 'e']
    const rules = { floor: { samples: 7 } }
    const accepts = (draft: string): boolean => draft === 'b'
    const sampler = speakingSampler((prompt, _, { id }) =>
      prompt.startsWith('critique ')
        ? accepts(prompt.slice(9))
          ? 'yes'
          : 'no'
        : drafts[JSON.parse(id!)[2] as number]!,
    )
    const decision = await selfRefine({ ...functions, atMost: 5 }).run(sampler, task, { rules })
    expect([decision.answer, decision.samples.length, decision.stopped]).toEqual(['b', 7, 'decided'])
    const always = { always: { customer: ['gold'] } }
    const full = await selfRefine({ ...functions, atMost: 5 }).run(
      sampler,
      { ...task, tags: { customer: 'gold' } },
      { rules: always },
    )
    expect([full.answer, full.samples.length, full.stopped]).toEqual(['b', 10, 'complete'])
  })

  it('decides by the drafts that a cap leaves, and never answers one that the cap cut', async () => {
    const samples = await run(['aa', 'bb', 'cc'], () => false, 3, { rules: { cap: { samples: 3 } } })
    expect([samples.answer, samples.stopped]).toEqual(['bb', 'capped'])
    const cut = await run(['aa', 'bb', 'cc'], () => false, 3, { rules: { cap: { tokens: 5 } } })
    expect([cut.answer, cut.stopped, cut.usage.completionTokens]).toEqual(['aa', 'capped', 5])
  })

  it('answers with the draft before where a revision fails, and abstains without a draft', async () => {
    expect((await run(['a', '!'], () => false, 3)).answer).toBe('a')
    const none = await run(['!'], () => false, 3)
    expect([none.answer, none.reason]).toEqual([undefined, 'there is no draft'])
  })

  it.each([
    [{ critique: () => 3 as never }, 'critique gave 3 on task t, not a prompt'],
    [{ revise: () => undefined as never }, 'revise gave undefined on task t, not a prompt'],
    [{ accept: () => 'no' as never }, 'accept gave "no" on task t'],
  ])('names a function that gives something else: %o', async (wrong, message) => {
    const refine = selfRefine({ ...functions, ...wrong, atMost: 2 })
    await expect(
      refine.run(
        speakingSampler(() => 'x'),
        task,
      ),
    ).rejects.toMatchObject({ code: 'invalid-data', message })
  })

  it('refuses what is no function and no count', () => {
    expect(() => selfRefine({ ...functions, atMost: 0 })).toThrow('atMost must be an integer of at least 1')
    expect(() => selfRefine({ ...functions, accept: true as never, atMost: 1 })).toThrow('selfRefine needs accept')
  })
})
