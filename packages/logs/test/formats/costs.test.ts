import { describe, expect, it } from 'vitest'
import { rowsOf } from './reading.js'

const promptfoo = {
  promptIdx: 0,
  testIdx: 0,
  provider: { id: 'p' },
  prompt: { raw: 'q', label: 'q' },
  vars: { q: '2+2' },
  success: true,
  testCase: { vars: { q: '2+2' } },
  cost: 0.001,
  latencyMs: 12,
  tokenUsage: { prompt: 5, completion: 6, total: 11 },
}
const inspect = {
  eval: { task: 't', model: 'm' },
  plan: {},
  samples: [
    {
      id: 1,
      epoch: 1,
      scores: { match: { value: 'C' } },
      total_time: 2.5,
      model_usage: { m: { input_tokens: 3, total_tokens: 10 }, grader: { total_tokens: 5 } },
    },
    { id: 2, epoch: 1, scores: { match: { value: 'C' } }, model_usage: {} },
  ],
}
const aider = {
  testcase: 'bowling',
  tests_outcomes: [true],
  edit_format: 'diff',
  model: 'm',
  cost: 0.02,
  duration: 31.5,
}
const tau2 = {
  tasks: [],
  info: {},
  simulations: [{ task_id: '0', trial: 0, reward_info: { reward: 1 }, agent_cost: 0.03, duration: 44 }],
}
const terminalBench = {
  results: [
    { trial_name: 't1', task_id: 'a', is_resolved: true, total_input_tokens: 900, total_output_tokens: 100 },
    { trial_name: 't2', task_id: 'b', is_resolved: true, total_input_tokens: null, total_output_tokens: null },
  ],
}
const verifiers = {
  env: { id: 'e' },
  task: { data: { idx: 0 } },
  traces: [{ id: 'x', rewards: { r: { score: 1, weight: 1 } }, num_total_tokens: 77 }],
}

describe('what a sample cost, where its file says it', () => {
  it.each([
    ['promptfoo', promptfoo, [{ cost: 0.001, tokens: 11, milliseconds: 12 }]],
    ['inspect', inspect, [{ tokens: 15, seconds: 2.5 }, {}]],
    ['aider', aider, [{ cost: 0.02, seconds: 31.5 }]],
    ['tau-bench', tau2, [{ cost: 0.03, seconds: 44 }]],
    ['terminal-bench', terminalBench, [{ tokens: 1000 }, {}]],
    ['verifiers', verifiers, [{ tokens: 77 }]],
  ])('%s', async (name, record, expected) => {
    const { format, rows } = await rowsOf({ lines: [JSON.stringify(record)] })
    expect(format).toBe(name)
    const said = rows.map((row) =>
      Object.fromEntries(
        ['cost', 'tokens', 'seconds', 'milliseconds'].flatMap((field) => (field in row ? [[field, row[field]]] : [])),
      ),
    )
    expect(said).toEqual(expected)
  })
})
