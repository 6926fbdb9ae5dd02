import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hasSamples } from '../procedures/game24-samples.js'
import { proceduresPage, SAMPLES } from '../procedures/page.js'

const isMissing = !hasSamples(SAMPLES)

it.skipIf(isMissing)(
  `docs/procedures.md says what the procedures do${isMissing ? ' (skipped: ../shared/data/tot_game24 is not here)' : ''}`,
  async () => {
    const page = readFileSync(new URL('../../docs/procedures.md', import.meta.url), 'utf8')
    expect(await proceduresPage()).toBe(page)
  },
  240_000,
)
