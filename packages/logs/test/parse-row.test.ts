import { describe, expect, it } from 'vitest'
import { parseJsonRow } from '../src/json-row.js'
import { parseRow } from '../src/parse-row.js'

const parse = (text: string): unknown => parseRow(parseJsonRow(text, 'log.jsonl, line 7'), 'log.jsonl, line 7')
const sample = (reward?: number, answer?: string, proxy?: number, completion?: string): object => ({
  reward,
  answer,
  proxy,
  completion,
  placeholder: false,
})

describe('parseRow', () => {
  it.each([
    ['{"task_id":"a","reward":0.5,"answer":"x","proxy":-2}', [sample(0.5, 'x', -2)]],
    ['{"task_id":"a","correct":true,"answer":42}', [sample(1, '42')]],
    ['{"task_id":"a","passed":false,"result":"timed out","completion":"…"}', [sample(0, undefined, undefined, '…')]],
    ['{"task_id":"a","passed":false,"completion":{"no":"text"}}', [sample(0)]],
    ['{"task_id":"a","reward":null,"answer":null,"proxy":null}', [sample()]],
    ['{"task_id":"a"}', [sample()]],
    ['{"task_id":"a","reward":1,"correct":true}', [sample(1)]],
    ['{"task_id":"a","reward":1,"passed":null}', [sample(1)]],
    ['{"task_id":"a","reward":NaN,"answer":NaN,"proxy":NaN}', [sample()]],
    ['{"task_id":"a","reward":1,"perplexity":NaN}', [sample(1)]],
    ['{"task_id":"a","passed":"True","answer":9007199254740993}', [sample(1, '9007199254740993')]],
    ['{"task_id":"a","reward":" 0.5","answer":[1,"x",[null]]}', [sample(0.5, '[1,"x",[null]]')]],
  ])('reads one sample from %s', (text, samples) => {
    expect(parse(text)).toEqual({ taskId: 'a', shape: 'sample', samples })
  })

  it('reads a task with all its samples, and ignores n and c beside them', () => {
    const text =
      '{"task_id":3,"rewards":[1,null,false],"answers":["x",null,7],"proxies":[0.1,0.2,0.3],"samples":["","b",["c"]],"prompt":"?","n":3}'
    const samples = [sample(1, 'x', 0.1, ''), sample(undefined, undefined, 0.2, 'b'), sample(0, '7', 0.3)]
    expect(parse(text)).toEqual({
      taskId: '3',
      prompt: '?',
      question: { field: 'prompt', text: '?' },
      shape: 'group',
      samples,
    })
  })

  it('reads counts and a reference', () => {
    const text = '{"task_id":"a","n":1000000000,"c":0,"reference":{"value":4}}'
    const read = { taskId: 'a', reference: '{"value":4}', shape: 'counts', n: 1e9, c: 0 }
    expect(parse(text)).toEqual(read)
  })

  it.each([
    ['{"task_id":"a","reward":1', 'this is not JSON'],
    ['hello', 'this is not JSON'],
    ['[1]', 'this is not a JSON object'],
    ['null', 'this is not a JSON object'],
    [
      '{"task_id":"a","rewards":[1,-Infinity]}',
      'rewards[1] must be a finite number, true, false or null, but is -Infinity',
    ],
    ['{"task_id":"a","reward":1e999}', 'reward must be a finite number, true, false or null, but is Infinity'],
    ['{"task_id":"a","reward":"NaN"}', 'reward must be a finite number, true, false or null, but is "NaN"'],
    ['{"reward":1}', 'task_id must be a text or a whole number, but is missing'],
    ['{"task_id":1.5,"reward":1}', 'task_id must be a text or a whole number, but is 1.5'],
    [
      '{"task_id":"a","reward":1,"answer":{"x":1}}',
      'answer must be a text, a number, a list of these, or null, but is {"x":1}',
    ],
    ['{"task_id":"a","reward":1,"proxy":"high"}', 'proxy must be a finite number or null, but is "high"'],
    ['{"task_id":"a","reward":1,"correct":false}', 'reward and correct contradict each other'],
    ['{"task_id":"a","n":-3,"c":0}', 'n must be a whole number of at least 0, but is -3'],
    ['{"task_id":"a","n":3,"c":-1}', 'c must be a whole number of at least 0, but is -1'],
    ['{"task_id":"a","n":3,"c":0.5}', 'c must be a whole number of at least 0, but is 0.5'],
    ['{"task_id":"a","n":3}', 'c must be a whole number of at least 0, but is missing'],
    ['{"task_id":"a","n":8,"c":9}', 'c = 9 samples are correct, but there are only n = 8'],
    ['{"task_id":"a","n":8,"c":1,"reward":1}', 'reward of one sample stands beside n and c of a whole task'],
    ['{"task_id":"a","rewards":[1],"passed":true}', 'passed of one sample stands beside rewards of a whole task'],
    ['{"task_id":"a","rewards":1}', 'rewards must be a list, but is 1'],
    ['{"task_id":"a","rewards":[1,"no"]}', 'rewards[1] must be a finite number, true, false or null, but is "no"'],
    ['{"task_id":"a","rewards":[1,0],"answers":["x"]}', 'there are 2 rewards but 1 answers'],
    ['{"task_id":"a","rewards":[1,0],"proxies":[1,2,3]}', 'there are 2 rewards but 3 proxies'],
    ['{"task_id":"a","rewards":[1,0],"samples":[]}', 'there are 2 rewards but 0 samples'],
  ])('refuses %s', (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ message: `log.jsonl, line 7: ${message}` }))
  })
})
