import { SaxesParser } from 'saxes'

/** An element, with the text directly in it. */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** The root of a document; a parser that forgives nothing throws for what is not well-formed XML 1.0. */
export function parseXml(xml: string): XmlElement {
  const document = { name: '', attributes: {}, children: new Array<XmlElement>(), text: '' }
  const open = [document]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' }
    open.at(-1)!.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.on('text', (text) => (open.at(-1)!.text += text))
  parser.write(xml).close()
  return document.children[0]!
}

/** All elements of a name, in order. */
export const elementsOf = (root: XmlElement, name: string): readonly XmlElement[] => [
  ...(root.name === name ? [root] : []),
  ...root.children.flatMap((child) => elementsOf(child, name)),
]
