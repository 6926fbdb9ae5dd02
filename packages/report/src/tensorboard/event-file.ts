import { requireFinite, requireInteger } from '@posttrain/core'
import { maskedCrc32c } from './crc32c.js'
import { bytesField, doubleField, floatField, intField, joined } from './protobuf.js'

/** Scalars of one step. */
export interface TensorBoardStep {
  readonly step: number
  /** By tag; what stands before a slash in it groups charts. */
  readonly scalars: Readonly<Record<string, number>>
}

/** Of the format of events, which its first record names. */
const VERSION = 'brain.Event:2'
/** Fields of tensorflow.Event, tensorflow.Summary and tensorflow.Summary.Value. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const
const SUMMARY = { value: 1 } as const
const VALUE = { tag: 1, simpleValue: 2 } as const

/**
 * Scalars as a TensorBoard event file: TFRecords (length, masked CRC-32C of it, event, masked CRC-32C of that), each a
 * `tensorflow.Event` of https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto. To
 * be found, the file must be called `events.out.tfevents.…`, and each series needs a folder of its own.
 *
 * @param steps by increasing step; values are kept as float32
 * @param wallTime of every event, in seconds since 1970: the step tells them apart
 * @returns the same scalars give the same bytes
 * @throws PosttrainError `invalid-argument` for a step that is no count or a value that is not finite
 * @example
 * ```ts
 * const steps = [{ step: 0, scalars: { 'train/reward': 0.5 } }]
 * tensorBoardEvents(steps, 0).length // => 88
 * ```
 */
export function tensorBoardEvents(steps: readonly TensorBoardStep[], wallTime: number): Uint8Array {
  const time = doubleField(EVENT.wallTime, requireFinite('wallTime', wallTime, { min: 0 }))
  const first = joined([time, bytesField(EVENT.fileVersion, VERSION)])
  const others = steps.map(({ step, scalars }, i) => {
    requireInteger(`steps[${i}].step`, step, { min: 0 })
    const values = Object.entries(scalars).map(([tag, value]) => {
      requireFinite(`${tag} at step ${step}`, value)
      const field = joined([bytesField(VALUE.tag, tag), floatField(VALUE.simpleValue, value)])
      return bytesField(SUMMARY.value, field)
    })
    // A field that has its default value, as step 0 has, is not written.
    const at = step === 0 ? [] : [intField(EVENT.step, step)]
    return joined([time, ...at, bytesField(EVENT.summary, joined(values))])
  })
  return joined([first, ...others].map(record))
}

/** A TFRecord. */
function record(content: Uint8Array): Uint8Array {
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(content.byteLength), true)
  return joined([length, checksum(length), content, checksum(content)])
}

function checksum(bytes: Uint8Array): Uint8Array {
  const written = new Uint8Array(4)
  new DataView(written.buffer).setUint32(0, maskedCrc32c(bytes), true)
  return written
}
