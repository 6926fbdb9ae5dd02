import { PosttrainError } from '@posttrain/core'
import { huggingFaceTokenizer, tokenizerFromJSON } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { families, filesOf } from './support/golden.js'

type Json = Record<string, unknown>

/** A tokenizer of words, without a file to read. */
const tiny = (change: Json = {}, model: Json = {}): string =>
  JSON.stringify({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'WhitespaceSplit' },
    post_processor: null,
    decoder: null,
    model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'], ...model },
    ...change,
  })

const refusal = (tokenizer: string, tokenizerConfig?: string): string => {
  try {
    huggingFaceTokenizer({ tokenizer, tokenizerConfig })
    return 'accepted'
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    return error.message
  }
}

/** Every path into a value, of long lists and objects the first few entries. */
function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value)
    .slice(0, 9)
    .flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])])
}

/** A copy with another value at a path; undefined removes what is there. */
function changed(whole: Json, path: readonly string[], value: unknown): Json {
  const copy = structuredClone(whole)
  const parent = path.slice(0, -1).reduce((at, key) => at[key] as Json, copy)
  if (value !== undefined) parent[path.at(-1)!] = value
  else if (Array.isArray(parent)) parent.splice(Number(path.at(-1)), 1)
  else Reflect.deleteProperty(parent, path.at(-1)!)
  return copy
}

const values = [null, undefined, 'x', '', -1, 0, 1.5, 1e300, true, [], {}, [null]]

describe.each(families)('any change of the tokenizer.json of %s', (family) => {
  it('is refused when it is loaded, or can be used', () => {
    const { tokenizer, tokenizerConfig } = filesOf(family)
    const whole = JSON.parse(tokenizer) as Json
    let refused = 0
    for (const path of pathsOf(whole)) {
      for (const value of values) {
        const file = JSON.stringify(changed(whole, path, value))
        if (refusal(file, tokenizerConfig) !== 'accepted') {
          refused++
          continue
        }
        const one = huggingFaceTokenizer({ tokenizer: file, tokenizerConfig })
        one.decode(one.encodePrompt('Four numbers: 24'))
        one.decode([0, one.vocabulary - 1])
        expect(tokenizerFromJSON(JSON.stringify(one)).vocabulary).toBe(one.vocabulary)
      }
    }
    expect(refused).toBeGreaterThan(300)
  })
})

describe('a tokenizer.json', () => {
  it('is refused with the field that is wrong', () => {
    const wrong: readonly (readonly [string, string])[] = [
      [tiny({ normalizer: { type: 'Prepend' } }), 'normalizer.prepend: '],
      [tiny({ normalizer: { type: 'Sequence', normalizers: [null] } }), 'normalizer.normalizers[0]: '],
      [tiny({ normalizer: { type: 'Nmt' } }), 'normalizer.type: '],
      [tiny({ normalizer: { type: 'Replace', pattern: { Regex: 1 } } }), 'normalizer.pattern: '],
      [tiny({ pre_tokenizer: { type: 'FixedLength', length: 0 } }), 'pre_tokenizer.length: '],
      [tiny({ decoder: { type: 'Sequence', decoders: [null] } }), 'decoder.decoders[0]: '],
      [tiny({ decoder: { type: 'Strip', start: -1 } }), 'decoder.start: '],
      [tiny({ post_processor: { type: 'TemplateProcessing', single: null } }), 'post_processor.single: '],
      [tiny({ post_processor: { type: 'BertProcessing', cls: ['a', 0] } }), 'post_processor.sep: '],
      [tiny({ added_tokens: undefined }), 'added_tokens: '],
      [tiny({ added_tokens: [{ id: 3, content: '' }] }), 'added_tokens[0].content: '],
      [tiny({}, { vocab: { a: -5 } }), 'the token "a" has the id -5'],
      [tiny({}, { merges: ['a b', ['a', 'b']] }), 'merge 1 is not of two parts, in the form of the first'],
      [tiny({}, { merges: ['a'] }), 'merge 0 is not of two parts'],
      [tiny({}, { merges: undefined }), 'model.merges: '],
      [tiny({}, { type: 'Unigram', vocab: [] }), 'expected at least one token'],
      [tiny({}, { type: 'Unigram', vocab: [['a', null]] }), 'entry 0 is not a token with its score'],
      [tiny({}, { type: 'WordPiece', unk_token: 'a' }), 'model.continuing_subword_prefix: '],
    ]
    for (const [file, field] of wrong) {
      expect(refusal(file)).toMatch(/^tokenizer\.json is malformed: [^\n✖]+$/)
      expect(refusal(file)).toContain(field)
    }
    const refused: readonly (readonly [string, string])[] = [
      [tiny({}, { vocab: { a: 0, b: 0, ab: 2 } }), '"a" and "b" have the id 0'],
      [tiny({ added_tokens: [{ id: 7, content: 'a' }] }), '"a" has the ids 0 and 7'],
      [tiny({}, { vocab: { a: 0, b: 1 } }), 'model.merges[0] makes "ab", which is not a token'],
      [tiny({}, { unk_token: '?' }), 'model.unk_token is "?", which is not a token'],
      [tiny({}, { type: 'Unigram', vocab: [['a', 0]], unk_id: 1 }), 'model.unk_id is 1, but model.vocab has 1 tokens'],
      [
        tiny({ post_processor: { type: 'TemplateProcessing', single: [{ SpecialToken: { id: '<s>' } }] } }),
        'post_processor.single[0] adds "<s>", which is not a token',
      ],
      [
        tiny({
          post_processor: { type: 'Sequence', processors: [{ type: 'BertProcessing', sep: ['a', 0], cls: ['c', 3] }] },
        }),
        'post_processor.processors[0].cls adds "c", which is not a token',
      ],
      [tiny({ normalizer: { type: 'Replace', pattern: { Regex: '(' } } }), 'Invalid regular expression'],
    ]
    for (const [file, why] of refused) {
      expect(refusal(file)).toMatch(/^tokenizer\.json is refused: /)
      expect(refusal(file)).toContain(why)
    }
    expect(refusal(tiny(), '{"eos_token":"nope"}')).toBe(
      'tokenizer_config.json has the eos_token "nope", which is not a token',
    )
    expect(refusal(tiny(), '{"additional_special_tokens":{}}')).toContain('additional_special_tokens: ')
  })

  it('has no larger ids than it has room for tokens', () => {
    const file = tiny({}, { vocab: { a: 0, b: 1, ab: 1e15 } })
    expect(refusal(file)).toBe(
      `tokenizer.json is refused: "ab" has the id 1000000000000000, but a file of ${file.length} characters has fewer tokens`,
    )
  })

  it('may leave out the type of its model, as older files do', () => {
    const encode = (model: Json): number[] =>
      huggingFaceTokenizer({ tokenizer: tiny({}, { type: undefined, ...model }) }).encode('ab')
    expect(encode({ continuing_subword_prefix: '', unk_token: '' })).toEqual([2])
    expect(encode({ merges: undefined, continuing_subword_prefix: '##', unk_token: 'a' })).toEqual([2])
    expect(encode({ vocab: [['ab', -1]], unk_id: 0 })).toEqual([0])
  })
})
