import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { loaded, SECONDS, tell, TOKEN, type Answered } from './load.js'
import { report } from './report.js'

/** A program whose verdict is known: each has a number of its own, so that a verdict of another is noticed. */
interface KnownProgram {
  readonly code: string
  readonly test: string
  readonly passes: boolean
}

function knownProgram(serial: number): KnownProgram {
  const passes = (serial * 2654435761) % 4294967296 < 2147483648
  const code = `def shift(xs):\n    return sorted(x + ${passes ? serial : serial + 1} for x in xs)\n`
  return { code, test: `assert shift([3, 1, 2]) == [${[1, 2, 3].map((x) => x + serial).join(', ')}]`, passes }
}

/**
 * Loads `posttrain serve rewards --reward python` with 200 clients for a minute, once with room for all and once with a
 * queue that is too short, and compares its throughput with a `python3` per program.
 */
export async function run(): Promise<void> {
  const peer = await cpython(Math.min(SECONDS, 20))
  const roomy = await loaded(['rewards', '--reward', 'python'], judged)
  const tight = await loaded(['rewards', '--reward', 'python', '--queue', '50'], judged)
  tell('room for all', 'verdicts', roomy)
  tell('a queue of 50', 'verdicts', tight)
  const ours = roomy.latencies.length / roomy.seconds
  const name = `python3 ${peer.version} per program`
  report([
    {
      bench: 'reward-server',
      ours,
      peer: name,
      peer_value: peer.perSecond,
      ratio: ours / peer.perSecond,
      unit: 'programs/s',
    },
  ])
  if (roomy.crossed + roomy.lost + tight.crossed + tight.lost > 0) throw new Error('verdicts were crossed or lost')
}

async function judged(url: string, serial: number): Promise<Answered> {
  const { code, test, passes } = knownProgram(serial)
  const response = await fetch(`${url}/score`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ samples: [{ response: code, reference: test }] }),
  })
  const { outcomes } = (await response.json()) as { outcomes?: readonly { readonly reward: unknown }[] }
  return { status: response.status, isRight: outcomes?.[0]?.reward === Number(passes) }
}

/** The machine's own Python without any isolation, a process for each program, as many at a time as processors. */
async function cpython(seconds: number): Promise<{ readonly version: string; readonly perSecond: number }> {
  const python = process.env['PYTHON'] ?? 'python3'
  const version = spawnSync(python, ['-c', 'import platform; print(platform.python_version())'])
    .stdout.toString()
    .trim()
  const end = performance.now() + seconds * 1000
  let done = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const { code, test, passes } = knownProgram(done++)
      const status = await new Promise((resolve, reject) => {
        const child = spawn(python, ['-c', `${code}\n${test}`], { stdio: 'ignore' })
        child.on('error', reject)
        child.on('close', resolve)
      })
      if ((status === 0) !== passes) throw new Error('python3 disagrees with what is known')
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return { version, perSecond: done / seconds }
}
