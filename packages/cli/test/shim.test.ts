import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { pythonShim } from '@posttrain/server'
import { afterAll, expect, it } from 'vitest'
import { emptyFolder, posttrain } from './posttrain.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

it('prints the shim of a trainer, or writes it', async () => {
  expect(await posttrain(['shim', 'trl'], cwd)).toEqual({ status: 0, stdout: pythonShim('trl'), stderr: '' })
  const url = 'http://10.0.0.1:9000'
  const written = await posttrain(['shim', 'verl', '--url', url, '--out', 'posttrain_verl.py'], cwd)
  expect(written).toEqual({ status: 0, stdout: '', stderr: '' })
  expect(readFileSync(join(cwd, 'posttrain_verl.py'), 'utf8')).toBe(pythonShim('verl', { url }))
})

it('names the trainers where another is asked for, and refuses what is no address', async () => {
  const other = await posttrain(['shim', 'nemo'], cwd)
  expect(other.status).toBe(2)
  expect(other.stderr).toContain("'nemo' is invalid for argument 'trainer'. Allowed choices are trl, verl, verifiers")
  const { status, stderr } = await posttrain(['shim', 'trl', '--url', 'localhost:9000'], cwd)
  expect(status).toBe(2)
  expect(stderr).toContain('url is localhost:9000, but a reward server is asked over HTTP')
})
