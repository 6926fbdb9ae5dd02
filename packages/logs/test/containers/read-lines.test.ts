import { mkdirSync, symlinkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { nameOfSource, type NamedBytes } from '../../src/log-source.js'
import { bytesOf } from '../../src/open-source.js'
import { forEachLine } from '../../src/containers/read-lines.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-logs-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
function fileOf(content: string | Buffer): string {
  const file = join(folder, `${files++}.jsonl`)
  writeFileSync(file, content)
  return file
}
async function linesOf(source: string | NamedBytes): Promise<string[]> {
  const lines: string[] = []
  await forEachLine(bytesOf(source), nameOfSource(source), (text, line) => {
    expect(line).toBe(lines.length + 1)
    lines.push(text)
  })
  return lines
}

describe('forEachLine', () => {
  it('gives the lines of a plain file, with or without an end of line at the end, and none of an empty one', async () => {
    expect(await linesOf(fileOf('a\n\nb\r\n'))).toEqual(['a', '', 'b\r'])
    expect(await linesOf(fileOf('a\nb'))).toEqual(['a', 'b'])
    expect(await linesOf(fileOf(''))).toEqual([])
    expect(await linesOf(fileOf('\ufeffa\nb'))).toEqual(['a', 'b'])
  })

  it('knows gzip by its first bytes, not by its name, and reads all members of a file', async () => {
    expect(await linesOf(fileOf(Buffer.concat([gzipSync('a\nb\n'), gzipSync('ç\n')])))).toEqual(['a', 'b', 'ç'])
  })

  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
  ])('keeps lines and letters whole where a %s file is cut into blocks, and counts its bytes', async (_, pack) => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${i} ${'é∑😀'.repeat(i % 20)}`)
    const content = pack(lines.join('\n'))
    const file = fileOf(content)
    const read: string[] = []
    let bytes = 0
    const counted = bytesOf(file, (more) => void (bytes += more))
    await forEachLine(counted, file, (text) => read.push(text))
    expect(read).toEqual(lines)
    expect(bytes).toBe(content.length)
  })

  it('refuses what is not text, with file and line', async () => {
    const latin = fileOf(
      Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from('caf\xe9\n', 'latin1'), Buffer.from('x\n')]),
    )
    await expect(linesOf(latin)).rejects.toThrow(`${latin}, line 3: this is not text (not valid UTF-8)`)
    const utf16 = fileOf(Buffer.from('\ufeff{}\n', 'utf16le'))
    await expect(linesOf(utf16)).rejects.toThrow(`${utf16}, line 1: this is not text`)
    const end = fileOf(Buffer.from([0x61, 0x0a, 0xff]))
    await expect(linesOf(end)).rejects.toThrow(`${end}, line 2: this is not text`)
  })

  it('refuses a line without end before it fills the memory', async () => {
    const file = fileOf(Buffer.alloc(65 * 2 ** 20, 'x'))
    await expect(linesOf(file)).rejects.toThrow(`${file}, line 1: longer than 64 MiB`)
  })

  it('says what is wrong with a damaged gzip file and with one that cannot be read', async () => {
    const cut = fileOf(gzipSync('a\n'.repeat(1000)).subarray(0, 20))
    await expect(linesOf(cut)).rejects.toThrow(`${cut} is a damaged gzip file: unexpected end of file`)
    await expect(linesOf(join(folder, 'none'))).rejects.toThrow(
      /^cannot read .*none: there is no such file or folder \(ENOENT\)$/,
    )
    mkdirSync(join(folder, 'directory'))
    await expect(linesOf(join(folder, 'directory'))).rejects.toThrow(
      /^cannot read .*directory: it is a folder \(EISDIR\)$/,
    )
    symlinkSync('loop', join(folder, 'loop'))
    await expect(linesOf(join(folder, 'loop'))).rejects.toThrow(/: its symbolic links lead in a circle \(ELOOP\)$/)
    await expect(linesOf('x'.repeat(5000))).rejects.toThrow(
      /^cannot read x{134} … x{66} \(5000 characters\): the name is too long \(ENAMETOOLONG\)$/,
    )
    for (const name of ['a\u0000b', '\u001b[31m\u202e', '\ud83d']) {
      await expect(linesOf(name)).rejects.toThrow(/^cannot read [^\p{Cc}\p{Cf}\p{Cs}]*$/u)
    }
    await expect(linesOf('')).rejects.toThrow('cannot read "": there is no such file or folder (ENOENT)')
  })

  it('reads bytes from elsewhere as it reads a file, and says their name', async () => {
    async function* cut(content: Buffer): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < content.length; i += 3) yield content.subarray(i, i + 3)
    }
    expect(await linesOf({ name: 'download', bytes: cut(gzipSync('aé\nb\n')) })).toEqual(['aé', 'b'])
    expect(await linesOf({ name: 'download', bytes: cut(Buffer.from('aé\nb')) })).toEqual(['aé', 'b'])
    const bad = linesOf({ name: 'download', bytes: cut(Buffer.from('a\n\xff', 'latin1')) })
    await expect(bad).rejects.toThrow('download, line 2: this is not text')
  })

  it('lets an error of the reader through as it is', async () => {
    const stop = new Error('enough')
    const reading = forEachLine(bytesOf(fileOf('a\nb\n')), 'log', () => {
      throw stop
    })
    await expect(reading).rejects.toBe(stop)
  })
})
