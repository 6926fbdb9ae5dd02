import { describe, expect, it } from 'vitest'
import { bytesOf, rowsOf } from './reading.js'

const json = (value: unknown, indent?: number): ReturnType<typeof bytesOf> =>
  bytesOf(JSON.stringify(value, null, indent))

describe('a report of SWE-bench', () => {
  const report = {
    total_instances: 5,
    resolved_ids: ['a'],
    unresolved_ids: ['b'],
    empty_patch_ids: ['c'],
    error_ids: ['d'],
    incomplete_ids: ['e'],
    completed_ids: ['a', 'b'],
    submitted_ids: ['a', 'b', 'c', 'd'],
    schema_version: 2,
  }

  it('has a row for each instance, without a reward where it was not judged', async () => {
    const { format, rows, places } = await rowsOf(json(report, 4))
    expect(format).toBe('swe-bench')
    expect(rows).toEqual([
      { task_id: 'a', reward: 1 },
      { task_id: 'b', reward: 0 },
      { task_id: 'c', reward: 0 },
      { task_id: 'd', reward: null },
      { task_id: 'e', reward: null },
    ])
    expect(places[4]).toBe('instance 5')
  })

  it('of one instance is a row', async () => {
    const { format, rows } = await rowsOf(json({ 'django__django-1': { patch_exists: true, resolved: false } }, 4))
    expect(format).toBe('swe-bench')
    expect(rows).toEqual([{ task_id: 'django__django-1', reward: 0 }])
  })

  it('is refused where an instance is both', async () => {
    await expect(rowsOf(json({ ...report, unresolved_ids: ['a'] }))).rejects.toThrow(
      'log, instance 2: "a" stands in resolved_ids and in unresolved_ids',
    )
  })
})

it('results of Terminal-Bench have a row for each trial', async () => {
  const trial = (name: string, resolved: boolean | null): object => ({
    trial_name: name,
    task_id: 't',
    instruction: 'do it',
    is_resolved: resolved,
  })
  const results = {
    results: [trial('x', true), trial('y', false), trial('z', null)],
    resolved_ids: ['t'],
    unresolved_ids: ['t', 't'],
  }
  const { format, rows } = await rowsOf(json(results))
  expect(format).toBe('terminal-bench')
  expect(rows).toEqual([
    { task_id: 't', sample_id: 'x', reward: 1, prompt: 'do it' },
    { task_id: 't', sample_id: 'y', reward: 0, prompt: 'do it' },
    { task_id: 't', sample_id: 'z', reward: 0, prompt: 'do it' },
  ])
})

describe('a result of Harbor', () => {
  const job = {
    n_total_trials: 5,
    stats: {
      evals: {
        'terminus-2__m__terminal-bench': {
          reward_stats: { reward: { '1.0': ['fix-git__aJNtp5X', 'slow__xWqif8Z'], '0.0': ['slow__DuYoyVy'] } },
          exception_stats: { EnvironmentStartTimeoutError: ['fix-git__5C8deMg'], AgentTimeoutError: ['slow__DuYoyVy'] },
        },
        'terminus-2__other': { reward_stats: {}, exception_stats: { VerifierTimeoutError: ['fix-git__5C8deMh'] } },
      },
    },
  }

  it('of a job has a row for each trial, without a reward where none is valid', async () => {
    const { format, rows, places } = await rowsOf(json(job, 4))
    expect(format).toBe('harbor')
    const dimensions = { agent: 'terminus-2', model: 'm', benchmark: 'terminal-bench' }
    expect(rows).toEqual([
      { task_id: 'fix-git', sample_id: 'fix-git__5C8deMg', reward: null, ...dimensions },
      { task_id: 'slow', sample_id: 'slow__DuYoyVy', reward: 0, ...dimensions },
      { task_id: 'fix-git', sample_id: 'fix-git__aJNtp5X', reward: 1, ...dimensions },
      { task_id: 'slow', sample_id: 'slow__xWqif8Z', reward: 1, ...dimensions },
      { task_id: 'fix-git', sample_id: 'fix-git__5C8deMh', reward: null, agent: 'terminus-2', benchmark: 'other' },
    ])
    expect(places[4]).toBe('trial 5')
  })

  it('of a job is refused where tasks may share what is left of their names', async () => {
    const cut = 'a-task-whose-name-is-cut-at-some'
    const withTrials = (trials: readonly string[]): ReturnType<typeof bytesOf> =>
      json({ n_total_trials: 2, stats: { evals: { a__d: { reward_stats: { reward: { '1.0': trials } } } } } }, 4)
    await expect(rowsOf(withTrials([`${cut}__aaaaaaa`, `${cut}__bbbbbbb`]))).rejects.toThrow(
      'log, trial 1: the trials of a job have only the first 32 characters of their task, and several are of ' +
        '"a-task-whose-name-is-cut-at-some"',
    )
    expect((await rowsOf(withTrials([`${cut}__aaaaaaa`]))).rows).toHaveLength(1)
    expect((await rowsOf(withTrials(['short__aaaaaaa', 'short__bbbbbbb']))).rows).toHaveLength(2)
  })

  it('of a trial is a row with the whole name of its task', async () => {
    const trial = {
      task_name: 'a-task-whose-name-is-cut-at-some-place',
      trial_name: 'a-task-whose-name-is-cut-at-some__aaaaaaa',
      task_id: { path: 'tasks/x' },
      source: null,
      agent_info: { name: 'terminus-2', model_info: { name: 'm', provider: 'p' } },
      verifier_result: { rewards: { reward: 0.5, style: 1 } },
      reward_valid: true,
    }
    const row = { task_id: trial.task_name, sample_id: trial.trial_name, reward: 0.5, agent: 'terminus-2', model: 'm' }
    expect((await rowsOf(json(trial, 4), { score: 'reward' })).rows).toEqual([row])
    expect((await rowsOf(json({ ...trial, reward_valid: false }, 4), { score: 'reward' })).rows).toEqual([
      { ...row, reward: null },
    ])
    expect((await rowsOf(json({ ...trial, verifier_result: null }, 4))).rows).toEqual([{ ...row, reward: null }])
    await expect(rowsOf(json(trial, 4))).rejects.toThrow('trial 1: there are several scores (reward, style)')
  })
})

describe('results of τ-bench', () => {
  it('have a row for each trial, without a reward where it broke', async () => {
    const trials = [
      { task_id: 0, reward: 1, info: {}, traj: [], trial: 0 },
      { task_id: 0, reward: 0, info: { error: 'timeout', traceback: '…' }, traj: [], trial: 1 },
    ]
    const { format, rows } = await rowsOf(json(trials))
    expect(format).toBe('tau-bench')
    expect(rows).toEqual([
      { task_id: 0, sample: 0, reward: 1 },
      { task_id: 0, sample: 1, reward: null },
    ])
  })

  it('have a row for each simulation of τ²-bench, or of its index', async () => {
    const info = { agent_info: { implementation: 'llm_agent', llm: 'm' }, environment_info: { domain_name: 'retail' } }
    const simulations = [
      { id: 'x', task_id: '7', trial: 0, reward_info: { reward: 1 }, termination_reason: 'user_stop' },
      { id: 'y', task_id: '7', trial: 1, reward_info: null, termination_reason: 'too_many_errors' },
      { id: 'z', task_id: '7', trial: 2, reward_info: { reward: 0 }, termination_reason: 'infrastructure_error' },
    ]
    const expected = [1, null, null].map((reward, sample) => {
      return { task_id: '7', sample, reward, model: 'm', benchmark: 'retail' }
    })
    expect((await rowsOf(json({ info, tasks: [], simulations }))).rows).toEqual(expected)
    const index = simulations.map(({ reward_info: score, ...more }) => ({ ...more, reward: score?.reward ?? null }))
    expect((await rowsOf(json({ info, tasks: [], simulations: [], simulation_index: index }))).rows).toEqual(expected)
  })
})

describe("a result of aider's benchmark", () => {
  const result = (outcomes: readonly boolean[]): object => ({
    testdir: '/benchmarks/run/python/exercises/practice/hamming',
    testcase: 'hamming',
    model: 'm',
    edit_format: 'diff',
    tests_outcomes: outcomes,
  })

  it('is one sample, whatever number of tries it took', async () => {
    const rewards = async (score?: string): Promise<unknown> =>
      (
        await rowsOf(json([result([false, true]), result([true]), result([false, false]), result([])]), { score })
      ).rows.map(({ reward }) => reward)
    expect(await rewards()).toEqual([1, 1, 0, null])
    expect(await rewards('pass_rate_1')).toEqual([0, 1, 0, null])
    expect(await rewards('pass_rate_2')).toEqual([1, 1, 0, null])
    await expect(rewards('score')).rejects.toThrow('there is no score score')
  })

  it('says the language, model and edit format', async () => {
    expect((await rowsOf(json(result([true]), 4))).rows).toEqual([
      { task_id: 'python/hamming', reward: 1, model: 'm', edit_format: 'diff' },
    ])
  })
})

it('records of NeMo Evaluator are rows under other names', async () => {
  const lines = [
    JSON.stringify({
      problem_idx: 3,
      repeat: 1,
      reward: 0.5,
      expected_answer: '4',
      extracted_answer: '5',
      model_response: 'It is 5.',
      metadata: { category: 'sums' },
    }),
  ]
  const { format, rows } = await rowsOf({ lines })
  expect({ format, rows }).toEqual({
    format: 'nemo',
    rows: [
      {
        task_id: 3,
        sample: 1,
        reward: 0.5,
        answer: '5',
        reference: '4',
        completion: 'It is 5.',
        metadata: { category: 'sums' },
      },
    ],
  })
})

describe('completions that TRL logs', () => {
  const completion = { step: 10, prompt: 'Q', completion: 'A', correct: 1, advantage: 0.5 }

  it('have the reward of their only function', async () => {
    expect((await rowsOf(json([completion]))).rows).toEqual([
      { task_id: 'Q', reward: 1, completion: 'A', checkpoint: 10 },
    ])
  })

  it('have that of several which is chosen', async () => {
    const two = [{ ...completion, format: 0.25, mode: 'eval' }]
    await expect(rowsOf(json(two))).rejects.toThrow('log, item 1: there are several scores (correct, format)')
    expect((await rowsOf(json(two), { score: 'format' })).rows[0]).toMatchObject({ reward: 0.25, split: 'eval' })
  })
})
