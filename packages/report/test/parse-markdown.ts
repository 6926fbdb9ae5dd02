import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { gfm } from 'micromark-extension-gfm'

/** What these tests read of a node. */
export interface MarkdownNode {
  readonly type: string
  readonly value?: string
  readonly children?: readonly MarkdownNode[]
  readonly align?: readonly (string | null)[] | null | undefined
}

/** What a reader of GitHub-flavoured Markdown makes of a text: the blocks, and what is in them. */
export const parseMarkdown = (markdown: string): readonly MarkdownNode[] =>
  fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children

/** The text that a node shows. */
export const textOf = ({ value = '', children = [] }: MarkdownNode): string => value + children.map(textOf).join('')

/** The kinds of everything in a node, sorted. */
export function kindsIn(node: MarkdownNode): readonly string[] {
  const kinds = (of: MarkdownNode): string[] => (of.children ?? []).flatMap((child) => [child.type, ...kinds(child)])
  return [...new Set(kinds(node))].sort()
}

/** What GitHub would still look for names, numbers of issues, commits and emoji in: all text but code. */
export const proseOf = ({ type, value = '', children = [] }: MarkdownNode): string =>
  type === 'inlineCode' ? '\u0000' : value + children.map(proseOf).join('')
