import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PosttrainError } from '@posttrain/core'
import { expect, it, onTestFinished, vi } from 'vitest'
import { outputFile } from '../src/output-file.js'

const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'posttrain-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const thrown = (run: () => void): PosttrainError => {
  try {
    run()
  } catch (error) {
    if (error instanceof PosttrainError) return error
  }
  throw new Error('no error of ours was thrown')
}

it('writes a file whole, and leaves nothing beside it', () => {
  const out = folder()
  const write = outputFile(join(out, 'a.json'), '--out')
  expect(readdirSync(out)).toEqual([])
  write('{}')
  expect(readdirSync(out)).toEqual(['a.json'])
  expect(readFileSync(join(out, 'a.json'), 'utf8')).toBe('{}')
})

it('keeps what can no longer be written where it should be, and says where', () => {
  const [out, temporary] = [folder(), folder()]
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const write = outputFile(join(out, 'a.safetensors'), '--out')
  rmSync(out, { recursive: true })
  const { code, message, hint } = thrown(() => write(Uint8Array.of(1, 2, 3)))
  expect([code, message]).toEqual(['machine-failed', expect.stringContaining('there is no such file or folder')])
  const [kept] = readdirSync(temporary)
  expect(hint).toBe(`it is kept as ${join(temporary, kept!)}: move it to where it belongs`)
  expect([...readFileSync(join(temporary, kept!))]).toEqual([1, 2, 3])
})

it('says what to do where nothing can be kept either', () => {
  const [out, temporary] = [folder(), folder()]
  vi.stubEnv('TMPDIR', temporary)
  onTestFinished(() => void vi.unstubAllEnvs())
  const write = outputFile(join(out, 'a.json'), '--report')
  for (const gone of [out, temporary]) rmSync(gone, { recursive: true })
  expect(thrown(() => write('{}'))).toMatchObject({ code: 'machine-failed', hint: 'choose another --report' })
})
