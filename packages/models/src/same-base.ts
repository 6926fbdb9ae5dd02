import { invalidData, shown } from '@posttrain/core'
import { parseJSON } from '@posttrain/text'
import * as z from 'zod'
import { isOptimizerState } from './learned-parameters.js'
import type { Safetensors } from './safetensors.js'
import type { Tensor } from './tensor.js'
import { architectureOf, requireSameArchitecture } from './transformer/architecture.js'
import { parseTransformerConfig } from './transformer/config.js'

type Two<T> = readonly [T, T]

/**
 * Requires that two checkpoints are of one kind and shape, and were trained from one initialisation as far as they say.
 *
 * @param names of the two, for messages
 * @throws PosttrainError `invalid-data`, naming the difference
 */
export function requireSameBase([a, b]: Two<Safetensors>, names: Two<string>): void {
  requireSame('format', [a, b], names)
  requireSame('lora', [a, b], names)
  requireSame('tokenizer', [a, b], names)
  const [ours, theirs] = [a, b].map(({ metadata: { config } }) => config)
  if (ours !== undefined && theirs !== undefined) {
    requireSameArchitecture(shapeIn(theirs), shapeIn(ours), [names[1], names[0]])
  }
  requireSameTensors([a.tensors, b.tensors], names)
  // Files of an older version do not say where they come from.
  if (a.metadata['lineage'] !== undefined && b.metadata['lineage'] !== undefined) {
    requireSame('lineage', [a, b], names, 'models that are averaged must be trained from the same initial weights')
  }
}

const shapeIn = (config: string): ReturnType<typeof architectureOf> =>
  architectureOf(parseTransformerConfig(parseJSON("the checkpoint's config", config, z.unknown())))

function requireSame(key: string, [a, b]: Two<Safetensors>, names: Two<string>, hint?: string): void {
  const [ours, theirs] = [a.metadata[key], b.metadata[key]]
  if (ours === theirs) return
  const said = (value: string | undefined): string => (value === undefined ? 'none' : shown(value))
  throw invalidData(`the ${key} of ${names[1]} is ${said(theirs)}, but that of ${names[0]} is ${said(ours)}`, hint)
}

function requireSameTensors([a, b]: Two<ReadonlyMap<string, Tensor>>, names: Two<string>): void {
  const weights = (tensors: ReadonlyMap<string, Tensor>): readonly string[] =>
    [...tensors.keys()].filter((name) => !isOptimizerState(name))
  for (const name of new Set([...weights(a), ...weights(b)])) {
    const [ours, theirs] = [kindOf(a.get(name)), kindOf(b.get(name))]
    if (ours !== theirs) throw invalidData(`tensor ${name} is ${ours} in ${names[0]}, but ${theirs} in ${names[1]}`)
  }
}

const kindOf = (tensor: Tensor | undefined): string =>
  tensor === undefined ? 'missing' : `${tensor.dtype} [${tensor.shape.join(', ')}]`
