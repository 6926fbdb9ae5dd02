import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Room } from './room.js'

/** Seconds, from a rule to a program or a long search at its limit. */
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

/** What every server counts, in the format that Prometheus reads. */
export interface RequestMetrics {
  request(path: string, status: number): void
  /** All of it as text, and the text's type. */
  text(): Promise<string>
  readonly contentType: string
}

/** The counters of one server, to which it adds its own. */
export interface Counters extends RequestMetrics {
  readonly registry: Registry
  waited(seconds: number): void
  /** A histogram of times, in seconds. */
  times<Label extends string>(name: string, help: string, labelNames?: readonly Label[]): Histogram<Label>
}

/** @param room whose running and waiting two gauges show */
export function makeCounters(room: Pick<Room, 'running' | 'waiting' | 'unit'>): Counters {
  const registry = new Registry()
  const registers = [registry]
  const units = `${room.unit}s`
  const requests = new Counter({
    name: 'posttrain_requests_total',
    help: 'Requests answered, by path and status.',
    labelNames: ['path', 'status'],
    registers,
  })
  const times = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Histogram<Label> => new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers })
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({ name, help, registers, collect: collectFrom(value) })
  }
  const waiting = times('posttrain_waiting_seconds', `How long ${units} waited for their turn.`)
  gauge(`posttrain_running_${units}`, `${units} that are worked on.`, () => room.running)
  gauge(`posttrain_waiting_${units}`, `${units} that wait for their turn.`, () => room.waiting)
  return {
    registry,
    times,
    request: (path, status) => requests.inc({ path, status }),
    waited: (seconds) => waiting.observe(seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

const collectFrom = (value: () => number) =>
  function (this: Gauge): void {
    this.set(value())
  }
