import { addUsage } from '@posttrain/core'
import type { ArmTotals, CanaryState } from '@posttrain/sampling'
import type { Block } from './block.js'

/** What a canary has shown, in a sentence. */
export function describeCanary({ verdict, difference, interval }: CanaryState, margin: number | undefined): string {
  const { lower, upper, level } = interval
  const figures =
    `difference ${signed(difference)} [${signed(lower)}, ${signed(upper)}], which holds at every look with ` +
    `${(100 * level).toFixed(0)} %`
  if (verdict === 'not-worse') return `B is shown to be worse by less than ${margin}, if at all: ${figures}`
  if (verdict === 'undecided') return `B is shown neither to be better nor worse: ${figures}`
  return `B is shown to be ${verdict}: ${figures}`
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`

/** Both sides with what they cost, and the verdict. */
export function canaryBlocks(
  state: CanaryState,
  names: { readonly a: string; readonly b: string },
  margin: number | undefined,
): readonly Block[] {
  return [
    {
      columns: [{ header: 'side' }, ...COLUMNS.map(({ header }) => ({ header, align: 'right' as const }))],
      rows: (['a', 'b'] as const).map((side) => [
        `${side.toUpperCase()}: ${names[side]}`,
        ...COLUMNS.map(({ of }) => of(state[side])),
      ]),
    },
    [describeCanary(state, margin)],
  ]
}

const each = (total: number, { decisions }: ArmTotals, digits: number): string => (total / decisions).toFixed(digits)

const COLUMNS: readonly { readonly header: string; readonly of: (totals: ArmTotals) => string }[] = [
  { header: 'tasks', of: ({ decisions }) => String(decisions) },
  { header: 'mean reward', of: ({ meanReward }) => meanReward.toFixed(4) },
  { header: 'abstained', of: ({ abstained }) => String(abstained) },
  { header: 'unscored', of: ({ unscored }) => String(unscored) },
  { header: 'samples each', of: (totals) => each(totals.samples, totals, 2) },
  { header: 'tokens each', of: (totals) => each(totals.usage.completionTokens, totals, 0) },
  { header: 'seconds each', of: (totals) => each(totals.seconds, totals, 2) },
  {
    header: 'cost each',
    of: (totals) => {
      const { cost } = addUsage([totals.usage, totals.judging])
      return cost === undefined ? 'unknown' : (cost / totals.decisions).toPrecision(3)
    },
  },
]
