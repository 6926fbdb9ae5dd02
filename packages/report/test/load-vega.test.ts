import { expect, it } from 'vitest'
import { loadVega } from '../src/load-vega.js'

it('names what to install where Vega is missing', async () => {
  const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package 'vega'"))
  await expect(loadVega(missing)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining("cannot be loaded: Error: Cannot find package 'vega'") as string,
    hint: 'npm install vega@6.4 vega-lite@6.4',
  })
})
