import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { systemCode } from '@posttrain/core'

/** The processes of this machine, each by a name that no other has or had: `<pid>-<when it was started>`. */
export interface Processes {
  /** Name of the process that asks. */
  readonly own: string
  isAlive(name: string): boolean
}

/** Where /proc tells no start times, a process that is alive may be another with the same id. */
export const nodeProcesses: Processes = {
  own: `${process.pid}-${startOf(process.pid) ?? Math.round(performance.timeOrigin)}`,
  isAlive: (name) => {
    const [pid = 0, start] = name.split('-').map(Number)
    if (!Number.isSafeInteger(pid) || pid <= 0) return false
    const known = startOf(pid)
    return known === undefined ? answers(pid) : known === start
  },
}

/** When a process was started, in ticks since the machine was; 0 if it has ended; undefined where nobody tells. */
function startOf(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 0 : Number(fields[19])
  } catch {
    return undefined
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
