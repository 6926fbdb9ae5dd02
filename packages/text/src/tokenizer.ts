/** Text to tokens and back. */
export interface Tokenizer {
  /** Number of tokens. */
  readonly vocabulary: number
  /** The token that ends the model's turn, if the model has one. */
  readonly endToken: number | undefined
  /** Tokens of a text that continues another. @throws PosttrainError `invalid-data` for text outside the vocabulary. */
  encode(text: string): number[]
  /** Tokens of a text that a sequence begins with: as `encode`, after the start token if the model has one. */
  encodePrompt(text: string): number[]
  /** @throws PosttrainError `invalid-argument` for a token outside the vocabulary */
  decode(tokens: readonly number[]): string
  /** A description from which `tokenizerFromJSON` makes the same tokenizer again. */
  toJSON(): TokenizerDescription
}

/** What a checkpoint keeps of a tokenizer. */
export type TokenizerDescription = WordTokenizerDescription | HuggingFaceTokenizerDescription

/** A closed vocabulary of words separated by single spaces. */
export interface WordTokenizerDescription {
  readonly kind: 'words'
  readonly words: readonly string[]
  readonly end?: string | undefined
}

/** The contents of a Hugging Face folder's tokenizer files. */
export interface HuggingFaceTokenizerDescription {
  readonly kind: 'hugging-face'
  /** `tokenizer.json`, parsed. */
  readonly tokenizer: Readonly<Record<string, unknown>>
  /** `tokenizer_config.json`, parsed. */
  readonly config: Readonly<Record<string, unknown>>
  readonly vocabulary: number
  readonly endToken?: number | undefined
}
