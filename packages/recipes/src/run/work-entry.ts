import * as z from 'zod'
import { namedFileSchema, type NamedFile } from '../files/named-file.js'
import { trainingRecordSchema, type TrainingRecord } from './records.js'

/** An entry of the journal of a variant; the first one says of which configuration it is. */
export type WorkEntry =
  | { readonly kind: 'config'; readonly sha256: string }
  | { readonly kind: 'rewards'; readonly file: NamedFile }
  | {
      readonly kind: 'state'
      readonly step: number
      readonly file: NamedFile
      /** Of the steps since the state before it. */
      readonly records: readonly TrainingRecord[]
    }
  | { readonly kind: 'measured'; readonly samples: NamedFile; readonly checkpoint?: NamedFile | undefined }

const file = namedFileSchema
export const workEntrySchema: z.ZodType<WorkEntry> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('config'), sha256: z.string() }),
  z.strictObject({ kind: z.literal('rewards'), file }),
  z.strictObject({ kind: z.literal('state'), step: z.int(), file, records: z.array(trainingRecordSchema) }),
  z.strictObject({ kind: z.literal('measured'), samples: file, checkpoint: file.optional() }),
])
