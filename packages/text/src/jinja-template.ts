import * as jinja from '@huggingface/jinja'
import { invalidArgument, invalidData, type Message } from '@posttrain/core'
import type { ChatTemplate } from './chat-template.js'

/** What a template may use beside the messages. */
export interface JinjaTemplateOptions {
  /** Text of the token that a sequence begins with: `bos_token`. */
  readonly bosToken?: string | undefined
  /** Text of the token that ends a turn: `eos_token`. */
  readonly eosToken?: string | undefined
  /** Other variables, by the names that the template has for them, for instance `{ enable_thinking: false }`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined
}

// The library's own declarations import without file extensions, which does not resolve here.
interface LibraryEnvironment {
  set(name: string, value: unknown): void
}
const library = jinja as unknown as {
  readonly Environment: new () => LibraryEnvironment
  readonly Interpreter: new (environment: LibraryEnvironment) => { run(program: unknown): { readonly value: string } }
  parse(tokens: unknown): unknown
  tokenize(source: string, options: { readonly lstrip_blocks: boolean; readonly trim_blocks: boolean }): unknown
}

/**
 * A chat template in Jinja, as Hugging Face folders have it, run by `@huggingface/jinja`. It sees what it sees in
 * Python's `apply_chat_template` with `add_generation_prompt`, except a clock: `strftime_now` is undefined, since a
 * prompt that changes from day to day makes other samples each day. A date can be given as a variable.
 *
 * @param source the template
 * @throws PosttrainError `invalid-argument` for a source that is not Jinja, or for variables that no checkpoint could
 *   keep; when it renders, `invalid-data` for a chat that the template refuses
 * @example
 * ```ts
 * const template = jinjaTemplate('{% for m in messages %}{{ m.role }}: {{ m.content }}{{ eos_token }}{% endfor %}', {
 *   eosToken: '</s>',
 * })
 * template.render([{ role: 'user', content: 'Hi' }]) // => 'user: Hi</s>'
 * ```
 */
export function jinjaTemplate(source: string, options: JinjaTemplateOptions = {}): ChatTemplate {
  const { bosToken, eosToken } = options
  const variables: Readonly<Record<string, unknown>> = {
    ...(bosToken === undefined ? {} : { bos_token: bosToken }),
    ...(eosToken === undefined ? {} : { eos_token: eosToken }),
    ...options.variables,
  }
  const program = parsed(source)
  requireKept(variables)
  return {
    render: (messages) => {
      const all = {
        ...globals,
        range: range(),
        ...variables,
        messages: messages.map(plain),
        add_generation_prompt: true,
      }
      try {
        const environment = new library.Environment()
        for (const [name, value] of Object.entries(all)) environment.set(name, value)
        return new library.Interpreter(environment).run(program).value
      } catch (error) {
        throw invalidData(`the chat template refuses the chat: ${reasonOf(error)}`, undefined, error)
      }
    },
    toJSON: () => ({ kind: 'jinja', source, variables }),
  }
}

/** What `apply_chat_template` gives every template. */
const globals: Readonly<Record<string, unknown>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  tools: null,
  documents: null,
  raise_exception: (message: string): never => {
    throw new Error(message)
  },
}

/** Most numbers that `range` gives while a chat is rendered: more than any chat needs, and few enough to be counted. */
const MOST_NUMBERS = 10_000

/** Python's `range`, for one rendering. */
function range(): (start: number, stop?: number, step?: number) => number[] {
  let given = 0
  return (start, stop, step = 1) => {
    const [from, to] = stop === undefined ? [0, start] : [start, stop]
    const length = Math.max(0, Math.ceil((to - from) / step))
    given += length
    if (!(given <= MOST_NUMBERS)) throw new Error(`range gives more than ${MOST_NUMBERS} numbers`)
    return Array.from({ length }, (_, i) => from + i * step)
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** A message without fields that are undefined, which Jinja would take for defined. */
const plain = ({ role, content, name }: Message): object =>
  name === undefined ? { role, content } : { role, content, name }

/** Requires variables that can be written with the template: a checkpoint has it as JSON. */
function requireKept(variables: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(variables)) {
    try {
      if (value === undefined || JSON.stringify(value) !== undefined) continue
    } catch (error) {
      throw invalidArgument(`the chat template's variable ${name} cannot be written as JSON: ${reasonOf(error)}`)
    }
    throw invalidArgument(`the chat template's variable ${name} is ${typeof value}, which JSON cannot say`)
  }
}

function parsed(source: string): unknown {
  try {
    return library.parse(library.tokenize(source, { lstrip_blocks: true, trim_blocks: true }))
  } catch (error) {
    throw invalidArgument(`the chat template is not Jinja: ${reasonOf(error)}`)
  }
}
