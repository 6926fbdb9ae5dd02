import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
// @ts-expect-error the scripts are JavaScript without declarations
import { bundleViewer } from '../../scripts/bundle-viewer.mjs'
// For the type-checker: src/viewer is no part of the package's own program.
import type {} from '../../src/viewer/main.js'
import type {} from '../../src/viewer/live-main.js'
import type {} from '../../src/viewer/review-main.js'
import { liveHash, liveScript } from '../../src/live.generated.js'
import { reviewerHash, reviewerScript } from '../../src/reviewer.generated.js'
import { viewerHash, viewerScript } from '../../src/viewer.generated.js'

describe.each([
  ['viewer', viewerScript, viewerHash],
  ['reviewer', reviewerScript, reviewerHash],
  ['live', liveScript, liveHash],
])('the script %s', (name, script, hash) => {
  it('is what src/viewer gives; otherwise run: node packages/report/scripts/build-viewer.mjs', async () => {
    const committed = readFileSync(new URL(`../../src/${name}.generated.ts`, import.meta.url), 'utf8')
    const current = (await bundleViewer(name)) as string
    expect(current === committed).toBe(true) // a difference of two scripts tells nobody anything
  })

  it('has the hash by which a page admits it', () => {
    expect(hash).toBe(`sha256-${createHash('sha256').update(script).digest('base64')}`)
  })

  it('reads no text as markup or as code', () => {
    expect(script).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|DOMParser|eval\(|Function\(|setAttribute\("on/,
    )
  })
})
