import { readFileSync } from 'node:fs'
import type { Message } from '@posttrain/core'
import { huggingFaceTokenizer, type HuggingFaceTokenizerFiles, type Tokenizer } from '@posttrain/text'

/** One text through a tokenizer, as Python's `tokenizers` has it. */
export interface TokenizerGolden {
  readonly text: string
  readonly encode: readonly number[]
  readonly encodePrompt: readonly number[]
  readonly decode: string
}

/** A tokenizer family with a chat template, as Python's `apply_chat_template` has them. */
export interface TemplateGolden {
  readonly special: { readonly eos_token: string; readonly bos_token?: string }
  readonly chats: readonly {
    readonly chat: readonly Message[]
    readonly text?: string
    readonly tokens?: readonly number[]
    readonly refused?: string
  }[]
  readonly conversations: readonly {
    readonly prompt: readonly Message[]
    readonly rest: readonly Message[]
    readonly tokens: readonly number[]
    readonly mask: readonly number[]
  }[]
}

const root = new URL('../../../../tools/golden/', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

export const families = ['gpt2', 'llama'] as const
type Family = (typeof families)[number]

/** What tools/golden/hugging-face.py wrote of tokenizers. */
export const tokenizerGolden = (
  JSON.parse(read('hugging-face.json')) as { tokenizers: Record<Family, readonly TokenizerGolden[]> }
).tokenizers

/** What tools/golden/chat-templates.py wrote, by family and template. */
export const templateGolden = JSON.parse(read('chat-templates.json')) as Readonly<Record<string, TemplateGolden>>

/** The source of a template that the golden values are of. */
export const templateSource = (name: string): string => read(`chat-templates/${name}.jinja`)

/** The tokenizer files of a family. */
export const filesOf = (
  family: Family,
): Required<Pick<HuggingFaceTokenizerFiles, 'tokenizer' | 'tokenizerConfig'>> => ({
  tokenizer: read(`hugging-face/${family}/tokenizer.json`),
  tokenizerConfig: read(`hugging-face/${family}/tokenizer_config.json`),
})

/** The tokenizer of a family. */
export const openTokenizer = (family: Family): Tokenizer => huggingFaceTokenizer(filesOf(family))
