import { textWidth } from './text-width.js'

/**
 * Pixels a text of a chart takes, from an average glyph of 0.58 em. Measuring needs a font, so a picture would depend
 * on the machine that drew it.
 */
export const estimatedWidth = (text: string, fontSize: number): number => Math.ceil(0.58 * textWidth(text) * fontSize)
