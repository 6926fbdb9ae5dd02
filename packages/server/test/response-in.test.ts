import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { responseIn } from '../src/response-in.js'

describe('responseIn', () => {
  it.each([
    ['<s>1+1=2</s>', '1+1=', '2'],
    [
      '<|im_start|>user\n1+1=<|im_end|>\n<|im_start|>assistant\nIt is 2<|im_end|>\n<|endoftext|>',
      '<|im_start|>user\n1+1=<|im_end|>\n<|im_start|>assistant\n',
      'It is 2',
    ],
    ['<pad><pad><bos>1+1=2<eos><pad>', '<bos>1+1=', '2'],
    ['2', '', '2'],
    ['1+1=', '1+1=', ''],
    ['a < b <em>so</em>', 'a ', '< b <em>so</em>'],
    ['<｜begin▁of▁sentence｜>1+1=2<｜end▁of▁sentence｜>', '1+1=', '2'],
  ])('of %j after %j is %j', (query, prompt, response) => {
    expect(responseIn(query, prompt)).toBe(response)
  })

  it('is undefined where the prompt is not there', () => {
    expect(responseIn('2 and nothing else', '1+1=')).toBeUndefined()
    expect(responseIn('=2', '1+1=')).toBeUndefined()
  })

  it('finds whatever follows a prompt, also one of which only the end was kept', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '<', '\n'), maxLength: 80 })
    fc.assert(
      fc.property(text, text, fc.nat(80), (prompt, response, cut) => {
        const unique = `${prompt}Question: what is the sum of the numbers above?`
        const kept = unique.slice(Math.min(cut, unique.length - 40))
        expect(responseIn(kept + response, unique)).toBe(response)
      }),
    )
  })
})
