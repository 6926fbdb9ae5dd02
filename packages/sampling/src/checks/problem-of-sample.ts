import { described, isPrompt } from '@posttrain/core'
import {
  fieldsOf,
  firstProblem,
  problemOfCount,
  problemOfNumbers,
  problemOfSteps,
  problemOfText,
  problemOfUsage,
  type Problem,
} from './problem-of.js'

const FINISHES: readonly unknown[] = ['stop', 'length', 'failed']

/** What is wrong with a sample; undefined if nothing is. Whether it was asked for is another matter. */
export function problemOfSample(sample: unknown): Problem {
  const fields = fieldsOf(sample)
  if (!fields) return `it is ${described(sample)}`
  const { id, taskId, index, seed, prompt, text, finish, usage, steps } = fields
  return firstProblem(
    problemOfText('its id', id),
    problemOfText('its taskId', taskId),
    problemOfCount('its index', index),
    Number.isSafeInteger(seed) ? undefined : `its seed is ${described(seed)}, not an integer`,
    prompt === undefined || isPrompt(prompt) ? undefined : `its prompt is ${described(prompt)}`,
    problemOfText('its text', text),
    FINISHES.includes(finish) ? undefined : `its finish is ${described(finish)}, not one of ${FINISHES.join(', ')}`,
    usage === undefined ? 'it has no usage' : problemOfUsage(usage),
    problemOfSteps(steps),
    problemOfTokens(fields),
    problemOfLogprobs(fields),
  )
}

function problemOfTokens({ tokens, mask, textEnds }: Readonly<Record<string, unknown>>): Problem {
  if (tokens === undefined) return mask === undefined ? undefined : 'it has a mask without tokens'
  const wrong = Array.isArray(tokens)
    ? problemOfNumbers('tokens', tokens, {
        kind: 'a token',
        holds: (token) => Number.isSafeInteger(token) && token >= 0,
      })
    : `its tokens are ${described(tokens)}, not a list`
  if (wrong !== undefined) return wrong
  const { length } = tokens as readonly number[]
  return firstProblem(problemOfMask(mask, length), problemOfEnds(textEnds, length))
}

function problemOfMask(mask: unknown, length: number): Problem {
  if (mask === undefined) return undefined
  if (!(mask instanceof Uint8Array)) return `its mask is ${described(mask)}, not a Uint8Array`
  return problemOfNumbers('mask', mask, { length, kind: '0 or 1', holds: (value) => value <= 1 })
}

function problemOfEnds(textEnds: unknown, length: number): Problem {
  if (textEnds === undefined) return undefined
  let before = 0
  const ascends = (end: number): boolean => Number.isSafeInteger(end) && end >= before && ((before = end), true)
  return problemOfNumbers('textEnds', textEnds, { length, kind: 'a length at least that before', holds: ascends })
}

function problemOfLogprobs({ tokens, mask, logprobs }: Readonly<Record<string, unknown>>): Problem {
  if (logprobs === undefined) return undefined
  const fields = fieldsOf(logprobs)
  const provenance = fieldsOf(fields?.['provenance'])
  if (!fields || !provenance) return 'its logprobs are not { values, provenance }'
  const chosen = mask === undefined ? (tokens as ArrayLike<number> | undefined)?.length : chosenIn(mask as Uint8Array)
  return firstProblem(
    problemOfText('logprobs.provenance.engine', provenance['engine']),
    problemOfText('logprobs.provenance.weights', provenance['weights']),
    problemOfNumbers('logprobs', fields['values'], { length: chosen, kind: 'a log-prob', holds: Number.isFinite }),
    problemOfTop(fields['top'], (fields['values'] as ArrayLike<number> | undefined)?.length),
  )
}

function problemOfTop(top: unknown, length: number | undefined): Problem {
  if (top === undefined) return undefined
  if (!Array.isArray(top)) return `its logprobs.top is ${described(top)}, not a list`
  if (top.length !== length) return `${top.length} lists in logprobs.top where there should be ${length}`
  return firstProblem(
    ...top.map((values: unknown, t) => {
      let before = 0
      const descends = (logprob: number): boolean => logprob <= before && ((before = logprob), true)
      return problemOfNumbers(`logprobs.top[${t}]`, values, { kind: 'a log-prob at most that before', holds: descends })
    }),
  )
}

const chosenIn = (mask: Uint8Array): number => mask.reduce((count, chosen) => count + chosen, 0)
