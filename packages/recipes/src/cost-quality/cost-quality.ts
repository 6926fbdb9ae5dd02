import { invalidArgument, invalidData, requireFinite } from '@posttrain/core'
import { pairedDifference, requiredTasks, type PairedDifference } from '@posttrain/estimators'
import type { MeasuredProcedure } from '@posttrain/sampling'
import { cheapest, stabilityOf, type Priced } from './chosen-procedure.js'
import { rollOutPlan, type RollOutPlan } from './roll-out-plan.js'

/** What is compared, and what is wished for. */
export interface CostQualityOptions {
  /** As `measureProcedures` gives them, with money; the first is what is deployed today. */
  readonly measured: readonly MeasuredProcedure[]
  /** A mean value that must be reached (default: that of the best, less `tolerance`). */
  readonly target?: number | undefined
  /** What may be lost against the best, where there is no target (default 0.01). */
  readonly tolerance?: number | undefined
  /** What it costs to train one sample to be worth what the recommended procedure is; absent: nobody asks. */
  readonly trainingCost?: number | undefined
  /** Whether a single decision is worth 0 or 1 (default true). */
  readonly isBinary?: boolean | undefined
  /** Nominal coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
}

/** A procedure beside what is deployed. */
export interface CostQualityRow {
  readonly measured: MeasuredProcedure
  /** Of a decision. */
  readonly money: number
  /** How much more it is worth than what is deployed, on the same tasks. */
  readonly difference: PairedDifference
  /** Whether no other is worth as much for less, or more for as little. */
  readonly isUndominated: boolean
  /** Whether its interval, too, reaches the target. Absent without a target. */
  readonly reaches?: 'with-certainty' | 'by-estimate' | 'not' | undefined
}

/** Requests of an A/B test with a fixed number of them. */
export interface TestSize {
  /** On each side, found with a probability of 0.8 at the level; undefined where the two are worth the same. */
  readonly perSide: number | undefined
  readonly difference: number
}

/** What a team asks first. */
export interface CostQuality {
  /** By cost. */
  readonly rows: readonly CostQualityRow[]
  readonly deployed: string
  /** The name of a row; undefined where none reaches the target. */
  readonly recommended: string | undefined
  /** Share of bootstrap resamples of the tasks in which the same is recommended. */
  readonly stability: number | undefined
  readonly test: TestSize | undefined
  /** Absent where nothing is to be rolled out, or values lie outside [0, 1]. */
  readonly rollOut: RollOutPlan | undefined
  /** Requests after which one sample of a policy trained for it has paid for the training. */
  readonly payback: { readonly savedPerRequest: number; readonly requests: number | undefined } | undefined
  readonly tasks: number
  readonly target: number | undefined
}

const POWER = 0.8

/**
 * Quality against money: which procedures are worth their cost, the cheapest that reaches a target, how large a test
 * must be to tell, what a staged roll-out takes, and when training pays for itself.
 *
 * All from what was measured on a log's tasks: for requests of another kind it says nothing. The recommended procedure
 * is the cheapest whose mean reaches the target, or comes within the tolerance of the best; `stability` is how often
 * other tasks of the kind would have chosen the same.
 *
 * @throws PosttrainError `invalid-data` for a procedure whose money is unknown; `invalid-argument` for nothing
 *   measured, or numbers out of range
 */
export function costQuality(options: CostQualityOptions): CostQuality {
  const { measured, target, tolerance = 0.01, trainingCost, isBinary = true, level = 0.95, seed = 0 } = options
  const [deployed] = measured
  if (!deployed) throw invalidArgument('measured must not be empty', 'the first is what is deployed today')
  if (target !== undefined) requireFinite('target', target)
  requireFinite('tolerance', tolerance, { min: 0 })
  if (trainingCost !== undefined) requireFinite('trainingCost', trainingCost, { min: 0 })
  const priced = measured.map(pricedOf)
  const valuesOf = (name: string): readonly number[] => priced.find((one) => one.name === name)!.values
  const rows = measured.map((one): CostQualityRow => {
    const { lower } = one.estimate.interval
    const byEstimate = one.estimate.value >= (target ?? -Infinity) ? 'by-estimate' : 'not'
    return {
      measured: one,
      money: one.money!,
      difference: pairedDifference(valuesOf(deployed.name), valuesOf(one.name), { level, seed }),
      isUndominated: !measured.some((other) => dominates(other, one)),
      ...(target !== undefined && { reaches: lower >= target ? 'with-certainty' : byEstimate }),
    }
  })
  const wish = { target, tolerance }
  const recommended = cheapest(priced, wish)
  const next = measured.find(({ name }) => name === recommended)
  const isChange = next !== undefined && next !== deployed
  const isWithin = areShares(measured)
  return {
    rows: rows.sort((a, b) => a.money - b.money || b.measured.estimate.value - a.measured.estimate.value),
    deployed: deployed.name,
    recommended,
    stability: recommended === undefined ? undefined : stabilityOf(recommended, priced, wish, { seed }),
    test: isChange ? testSize(deployed, next, isBinary && isWithin, level) : undefined,
    rollOut:
      isChange && isWithin
        ? rollOutPlan({ deployed: sharesOf(deployed), next: sharesOf(next), isBinary, level, seed })
        : undefined,
    payback: trainingCost === undefined || !next ? undefined : paybackOf(trainingCost, next, measured),
    tasks: deployed.perTask.length,
    target,
  }
}

/** What rounding may add to a share. */
const ROUNDING = 1e-9

/** Whether what decisions are worth are shares, so that they can be written in per cent. */
export const areShares = (measured: readonly MeasuredProcedure[]): boolean =>
  measured.every(({ perTask }) => perTask.every(({ value }) => value >= -ROUNDING && value <= 1 + ROUNDING))

const sharesOf = ({ perTask }: MeasuredProcedure): readonly number[] =>
  perTask.map(({ value }) => Math.min(1, Math.max(0, value)))

function pricedOf({ name, perTask }: MeasuredProcedure): Priced {
  const money = perTask.map(({ taskId, money: cost }) => {
    if (cost !== undefined) return cost
    throw invalidData(`what ${name} costs on task ${taskId} is not known`, 'give prices, or the field of the cost')
  })
  return { name, values: perTask.map(({ value }) => value), money }
}

const dominates = (other: MeasuredProcedure, one: MeasuredProcedure): boolean => {
  const [value, cost] = [other.estimate.value - one.estimate.value, one.money! - other.money!]
  return value >= 0 && cost >= 0 && (value > 0 || cost > 0)
}

/** Requests on each side that show the difference between two means of single decisions. */
function testSize(a: MeasuredProcedure, b: MeasuredProcedure, isBinary: boolean, level: number): TestSize {
  const difference = b.estimate.value - a.estimate.value
  const variance = (of: MeasuredProcedure): number => {
    const { value } = of.estimate
    if (isBinary) return value * (1 - value)
    return of.perTask.reduce((sum, task) => sum + (task.value - value) ** 2, 0) / of.perTask.length
  }
  const deviation = Math.sqrt(variance(a) + variance(b))
  if (difference === 0 || deviation === 0) return { perSide: undefined, difference }
  return { perSide: requiredTasks(Math.abs(difference), deviation, { power: POWER, level }), difference }
}

/** A sample of the trained policy costs what the cheapest single decision costs. */
function paybackOf(
  cost: number,
  next: MeasuredProcedure,
  measured: readonly MeasuredProcedure[],
): CostQuality['payback'] {
  const savedPerRequest = next.money! - Math.min(...measured.map(({ money }) => money!))
  return { savedPerRequest, requests: savedPerRequest > 0 ? Math.ceil(cost / savedPerRequest) : undefined }
}
