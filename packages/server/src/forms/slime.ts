import * as z from 'zod'
import { askedSample } from '../asked-sample.js'
import { form, type Form } from '../form.js'
import { promptSchema, responseSchema } from '../message-text.js'

const body = z.looseObject({ prompt: promptSchema.optional(), response: responseSchema, label: z.unknown().optional() })

/**
 * slime's `--rm-type remote_rm`: one sample, whose answer is read with `--reward-key reward`. slime has no place for a
 * sample without a score, so that it gets 0 and says so in `unscored`, by which a filter of slime's can leave it out.
 */
export const slime: Form = form({
  path: '/reward',
  body,
  async answer({ prompt, response, label }, { judge }, client) {
    const [outcome] = await judge([askedSample({ prompt, response, reference: label })], client)
    return outcome!.kind === 'scored' ? { reward: outcome!.reward } : { reward: 0, unscored: outcome!.reason }
  },
})
