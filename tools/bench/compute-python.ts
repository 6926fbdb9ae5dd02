import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { canPin, type Worker } from './worker.js'

/** A peer in Python, and the version of the library it measures. */
export interface PythonWorker extends Worker {
  readonly version: string
}

/**
 * Starts a Python program of this folder, pinned to core 0 where that is possible, and hands it a file with this content. It
 * reads a request per line and answers each with a line of JSON.
 *
 * @returns undefined where the environment variable PYTHON does not name an interpreter that can run it
 */
export async function startPython(file: string, content: string): Promise<PythonWorker | undefined> {
  const python = process.env['PYTHON']
  if (python === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'posttrain-bench-'))
  const path = join(folder, 'content.json')
  writeFileSync(path, content)
  const program = [python, fileURLToPath(new URL(file, import.meta.url)), path]
  const [command, ...args] = canPin ? ['taskset', '-c', '0', ...program] : program
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.on('error', () => undefined) // without Python the stream below ends, and that says it
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async (): Promise<unknown> => {
    const { value, done } = (await lines.next()) as { value?: string; done?: boolean }
    return done || value === undefined ? undefined : JSON.parse(value)
  }
  const greeting = (await read()) as { version: string } | undefined
  rmSync(folder, { recursive: true })
  if (greeting === undefined) return undefined
  return {
    version: greeting.version,
    async ask(request) {
      child.stdin.write(`${request}\n`)
      const answer = await read()
      if (answer === undefined) throw new Error(`${file} ended`)
      return answer
    },
    stop: () => void child.kill(),
  }
}
