import {
  chatTemplateFromJSON,
  encodePrompt,
  huggingFaceTemplate,
  jinjaTemplate,
  wordTokenizer,
  type ChatTemplate,
} from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { openTokenizer, templateGolden, templateSource } from './support/golden.js'

const hello = [{ role: 'user', content: 'Hi' }] as const

describe.each(Object.entries(templateGolden))('the chat template of %s', (name, { special, chats }) => {
  const [family, template] = name.split(' ') as ['gpt2' | 'llama', string]
  const open = (): ChatTemplate =>
    jinjaTemplate(templateSource(template), { eosToken: special.eos_token, bosToken: special.bos_token })

  it('renders as in Python', () => {
    for (const one of [open(), chatTemplateFromJSON(JSON.stringify(open()))]) {
      for (const { chat, text, refused } of chats) {
        if (refused === undefined) expect(one.render(chat)).toBe(text)
        else expect(() => one.render(chat)).toThrow(`the chat template refuses the chat: ${refused}`)
      }
    }
  })

  it('is encoded as in Python', () => {
    const codec = { tokenizer: openTokenizer(family), template: open() }
    for (const { chat, tokens } of chats) if (tokens) expect(encodePrompt(codec, chat)).toEqual(tokens)
  })
})

describe('a Jinja template', () => {
  it('sees the variables it is given, no tools and no clock', () => {
    const source = "{{ strftime_now is defined }} {{ tools is none }} {{ day }} {{ 'named' if messages[0].name }}"
    expect(jinjaTemplate(source, { variables: { day: 'Monday' } }).render(hello)).toBe('false true Monday ')
    expect(jinjaTemplate(source).render([{ ...hello[0], name: 'Ann' }])).toBe('false true  named')
    expect(jinjaTemplate('{{ messages[0].name is defined }}').render([{ ...hello[0], name: undefined }])).toBe('false')
    expect(jinjaTemplate('{% for i in range(1, 6, 2) %}{{ i }}{% endfor %}').render(hello)).toBe('135')
  })

  it('is refused with what is wrong', () => {
    expect(() => jinjaTemplate('{% if %}')).toThrow(/^the chat template is not Jinja: /)
    expect(() => jinjaTemplate('{{ raise_exception("no") }}').render(hello)).toThrow('refuses the chat: no')
    expect(() => chatTemplateFromJSON('{"kind":"jinja"}')).toThrow('the chat template is malformed')
  })
})

describe('the template of a Hugging Face folder', () => {
  const config = (fields: object): string => JSON.stringify({ bos_token: { content: '<s>' }, ...fields })
  const named = [
    { name: 'tools', template: 'T' },
    { name: 'default', template: '{{ bos_token }}D' },
  ]

  it('is read from tokenizer_config.json, and from chat_template.jinja where there is one', () => {
    const read = (files: Parameters<typeof huggingFaceTemplate>[0]): string | undefined =>
      huggingFaceTemplate(files)?.render(hello)
    expect(read({})).toBeUndefined()
    expect(read({ tokenizerConfig: config({}) })).toBeUndefined()
    expect(read({ tokenizerConfig: config({ chat_template: '{{ bos_token }}{{ messages[0].content }}' }) })).toBe(
      '<s>Hi',
    )
    expect(read({ tokenizerConfig: config({ chat_template: named }) })).toBe('<s>D')
    expect(read({ tokenizerConfig: config({ chat_template: named }), chatTemplate: '{{ bos_token }}J' })).toBe('<s>J')
  })

  it('is refused where none of several is the default', () => {
    const tokenizerConfig = config({ chat_template: named.slice(0, 1) })
    expect(() => huggingFaceTemplate({ tokenizerConfig })).toThrow('has the chat templates tools, but no default')
    expect(() => huggingFaceTemplate({ tokenizerConfig: config({ chat_template: 3 }) })).toThrow('is malformed')
  })
})

it('a chat without a template is not supported', () => {
  const tokenizer = wordTokenizer(['Hi'])
  expect(encodePrompt({ tokenizer }, 'Hi')).toEqual([0])
  expect(() => encodePrompt({ tokenizer }, hello)).toThrow(
    expect.objectContaining({ code: 'unsupported', message: 'the prompt is a chat, but there is no chat template' }),
  )
})

describe('a template', () => {
  it('gives as many numbers as any chat needs, and no more', () => {
    const counted = (numbers: string): string =>
      jinjaTemplate(`{% for i in ${numbers} %}{% if loop.last %}{{ i }}{% endif %}{% endfor %}`).render(hello)
    expect(counted('range(10000)')).toBe('9999')
    for (const numbers of ['range(1000000000000)', 'range(0, 1, 0)', 'range(10001)']) {
      expect(() => counted(numbers)).toThrow('the chat template refuses the chat: range gives more than 10000 numbers')
    }
  })

  it('has variables that a checkpoint can keep', () => {
    const make = (day: unknown) => () => jinjaTemplate('{{ day }}', { variables: { day } })
    expect(make(1n)).toThrow("the chat template's variable day cannot be written as JSON")
    expect(make(() => 1)).toThrow("the chat template's variable day is function, which JSON cannot say")
    expect(make(undefined)).not.toThrow()
  })
})
