import { unsupported } from '@posttrain/core'

/** The libraries that draw charts. */
export interface Vega {
  readonly vega: typeof import('vega')
  readonly vegaLite: typeof import('vega-lite')
}

const importVega = async (): Promise<Vega> => {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')])
  return { vega, vegaLite }
}

/**
 * Loads Vega and Vega-Lite, which are optional peer dependencies: tables and estimates do without.
 *
 * @throws PosttrainError `unsupported` where they cannot be loaded, saying what to install
 */
export async function loadVega(load: () => Promise<Vega> = importVega): Promise<Vega> {
  try {
    return await load()
  } catch (cause) {
    throw unsupported(
      `charts are drawn by vega and vega-lite, which cannot be loaded: ${String(cause)}`,
      'npm install vega@6.4 vega-lite@6.4',
    )
  }
}
