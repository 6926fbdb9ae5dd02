import type { Device } from '@posttrain/compute'
import { createStream, PosttrainError, type RandomStream } from '@posttrain/core'
import { changeJson, changeText, pick } from './change-json.js'
import { changeSafetensors } from './change-safetensors.js'
import type { Subject } from './subjects.js'

/** What became of changed files. */
export interface Attempt {
  /** Subject, file and number of the change. */
  readonly what: string
  readonly outcome: 'accepted' | 'typed' | 'untyped'
  /** The error, if there was one. */
  readonly message: string
  /** Of processor time: the clock also counts what else the machine does. */
  readonly seconds: number
  /** By which the most memory that the process ever had has grown. */
  readonly bytes: number
}

const jinja = [
  '{{',
  '{%',
  '{% for i in range(1000000000) %}x{% endfor %}',
  '{{ messages[9].content }}',
  '{{ raise_exception("no") }}',
  '{{ unknown() }}',
  '{{ none.x }}',
  '('.repeat(5000),
]

const utf8 = (text: string): Uint8Array => Buffer.from(text)

function changeFile(stream: RandomStream, name: string, content: Uint8Array): Uint8Array {
  if (name.endsWith('.safetensors')) return changeSafetensors(stream, content)
  const text = Buffer.from(content).toString()
  return utf8(name.endsWith('.json') ? changeJson(stream, text) : changeText(stream, text, jinja))
}

const highWater = (): number => process.resourceUsage().maxRSS * 1024

/** Changes one file of one subject, loads and uses it: all of it a function of seed and number. */
export async function attempt(
  device: Device,
  subjects: readonly Subject[],
  seed: number,
  number: number,
): Promise<Attempt> {
  const stream = createStream(seed, 'model files', number)
  const subject = pick(stream, subjects)
  const name = pick(stream, Object.keys(subject.files))
  const files = { ...subject.files, [name]: changeFile(stream, name, subject.files[name]!) }
  const [cpu, memory, held] = [process.cpuUsage(), highWater(), device.allocatedBytes]
  const { outcome, message } = await outcomeOf(async () => {
    const failure = await subject.use(device, files).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    if (device.allocatedBytes !== held) throw new Error(`${device.allocatedBytes - held} bytes are left on the device`)
    if (failure) throw failure.error
  })
  const { user, system } = process.cpuUsage(cpu)
  const what = `${number}: ${name} of ${subject.name}`
  return { what, outcome, message, seconds: (user + system) / 1e6, bytes: highWater() - memory }
}

async function outcomeOf(work: () => Promise<void>): Promise<Pick<Attempt, 'outcome' | 'message'>> {
  try {
    await work()
    return { outcome: 'accepted', message: '' }
  } catch (error) {
    if (error instanceof PosttrainError) return { outcome: 'typed', message: error.message }
    return { outcome: 'untyped', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
