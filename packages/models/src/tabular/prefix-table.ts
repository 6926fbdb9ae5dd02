import { invalidData, requireInteger } from '@posttrain/core'

/**
 * Rows of a table that holds one next-token distribution for every prompt and every prefix of fewer than `length`
 * tokens: Vᵗ prefixes of t tokens each, so (V^length − 1)/(V − 1) rows per prompt.
 */
export class PrefixTable {
  readonly rows: number
  readonly #rowsPerPrompt: number
  readonly #prompts: ReadonlyMap<string, number>

  constructor(
    prompts: readonly string[],
    readonly vocabulary: number,
    readonly length: number,
    /** The token that ends a sequence before it has `length` tokens. */
    readonly end?: number,
  ) {
    requireInteger('vocabulary', vocabulary, { min: 2 })
    requireInteger('length', length, { min: 1 })
    this.#rowsPerPrompt = (vocabulary ** length - 1) / (vocabulary - 1)
    this.rows = requireInteger('rows of the table', prompts.length * this.#rowsPerPrompt, { min: 1, max: 2 ** 24 })
    this.#prompts = new Map(prompts.map((prompt, i) => [prompt, i]))
  }

  /** The row of the token that follows a prefix. @throws PosttrainError `invalid-data` for a prompt not in the table */
  rowOf(prompt: string, prefix: readonly number[]): number {
    const index = this.#prompts.get(prompt)
    if (index === undefined) throw invalidData(`prompt ${JSON.stringify(prompt)} is not in the policy's table`)
    const shorter = (this.vocabulary ** prefix.length - 1) / (this.vocabulary - 1)
    const code = prefix.reduce((sum, token) => sum * this.vocabulary + token, 0)
    return index * this.#rowsPerPrompt + shorter + code
  }

  /** Every sequence, in lexicographic order: those of `length` tokens, and the shorter ones that have ended. */
  sequences(): number[][] {
    const from = (prefix: number[]): number[][] =>
      prefix.length === this.length || (prefix.length > 0 && prefix.at(-1) === this.end)
        ? [prefix]
        : Array.from({ length: this.vocabulary }, (_, token) => from([...prefix, token])).flat()
    return from([])
  }
}
