import {
  agreementObjective,
  bestOfNObjective,
  bordaWeights,
  firstPassingObjective,
  gPassAtKObjective,
  leaveTwoOut,
  majorityObjective,
  maxAtKObjective,
  meanGPassAtKObjective,
  meanObjective,
  passAtKObjective,
  passHatKObjective,
  symmetricObjective,
  weightedMajorityObjective,
} from '@posttrain/estimators'
import type { Baseline } from '@posttrain/estimators'
import type { Objective } from '@posttrain/core'
import {
  answerOutcome,
  atLeastValue,
  bestValue,
  meanValue,
  partOutcome,
  pluralityValue,
  rewardOutcome,
  worstValue,
} from '@posttrain/laws'
import type { ObjectiveClaims } from '@posttrain/laws'
import {
  agreementValue,
  bestByPartValue,
  firstPassingValue,
  meanAtLeastValue,
  ballotOutcome,
  spreadValue,
  weightedPluralityValue,
} from '../values.js'
import { binary, ks } from './entry.js'
import type { Entry } from './entry.js'

const baselines: readonly Baseline[] = ['none', 'leave-one-out', 'leave-one-out-minus-one', 'leave-two-out']

/** The credit itself and the published leave-one-out do not vanish on equal rewards; the others do. */
const vanishing = (baseline: Baseline, k: number): boolean =>
  baseline === 'none' ? false : k === 1 || baseline !== 'leave-one-out'

/** Every objective with advantages of its own. */
const ownAdvantages: readonly Entry<Objective, ObjectiveClaims>[] = [
  {
    title: 'meanObjective',
    subject: meanObjective(),
    claims: { value: meanValue, outcome: rewardOutcome(), monotone: true },
  },
  ...ks.flatMap((k) =>
    baselines.flatMap((baseline) => [
      {
        title: `passAtKObjective, k = ${k}, ${baseline}`,
        subject: passAtKObjective({ k, baseline }),
        claims: { ...binary(bestValue), vanishes: vanishing(baseline, k) },
      },
      {
        title: `maxAtKObjective, k = ${k}, ${baseline}`,
        subject: maxAtKObjective({ k, baseline }),
        claims: { value: bestValue, outcome: rewardOutcome(), monotone: true, vanishes: vanishing(baseline, k) },
      },
    ]),
  ),
  ...ks.flatMap((k) =>
    (['share', 'strict', 'first'] as const).flatMap((ties) =>
      (['abstain', 'vote', 'wrong'] as const).map((unparsed) => ({
        title: `majorityObjective, k = ${k}, ties ${ties}, unparsed ${unparsed}`,
        subject: majorityObjective({ k, ties, unparsed }),
        claims: { value: pluralityValue({ ties, unparsed }), outcome: answerOutcome(), symmetric: ties !== 'first' },
      })),
    ),
  ),
  ...ks.map((n) => ({
    title: `bestOfNObjective, n = ${n}`,
    subject: bestOfNObjective({ n, by: 'proxy' }),
    claims: { value: bestByPartValue, outcome: partOutcome('proxy') },
  })),
  ...ks.map((n) => ({
    title: `bestOfNObjective by the reward itself, n = ${n}`,
    subject: bestOfNObjective({ n }),
    claims: { value: bestValue, outcome: rewardOutcome(), monotone: true },
  })),
  ...ks.map((k) => ({
    title: `firstPassingObjective, k = ${k}`,
    subject: firstPassingObjective({ k, by: 'proxy' }),
    claims: { value: firstPassingValue, outcome: partOutcome('proxy') },
  })),
  ...ks.map((k) => ({
    title: `firstPassingObjective by the reward itself, k = ${k}`,
    subject: firstPassingObjective({ k }),
    claims: binary(bestValue),
  })),
  ...ks.map((k) => ({
    title: `passHatKObjective, k = ${k}`,
    subject: passHatKObjective({ k }),
    claims: binary(worstValue),
  })),
  ...ks.flatMap((k) =>
    [...Array(k).keys()].map((fewer) => ({
      title: `gPassAtKObjective, k = ${k}, ${fewer + 1} of them`,
      subject: gPassAtKObjective({ k, tau: (fewer + 1) / k }),
      claims: binary(atLeastValue(fewer + 1)),
    })),
  ),
  ...ks.map((k) => ({
    title: `meanGPassAtKObjective, k = ${k}`,
    subject: meanGPassAtKObjective({ k }),
    claims: binary(meanAtLeastValue(k)),
  })),
  ...(['abstain', 'vote', 'wrong'] as const).map((unparsed) => ({
    title: `agreementObjective, k = 2, unparsed ${unparsed}`,
    subject: agreementObjective({ unparsed }),
    claims: { value: agreementValue(unparsed), outcome: answerOutcome() },
  })),
  ...ks.map((k) => ({
    title: `weightedMajorityObjective, k = ${k}`,
    subject: weightedMajorityObjective({ k, by: 'proxy' }),
    claims: {
      value: weightedPluralityValue(({ parts }) => parts!['proxy']!),
      outcome: ballotOutcome('proxy'),
      vanishes: k > 1,
    },
  })),
  ...ks.map((k) => ({
    title: `weightedMajorityObjective of equal ranks, k = ${k}`,
    subject: weightedMajorityObjective({ k, by: 'proxy', weigh: bordaWeights(0) }),
    claims: { value: weightedPluralityValue(() => 1), outcome: ballotOutcome('proxy'), vanishes: k > 1 },
  })),
  ...ks.map((k) => ({
    title: `symmetricObjective, k = ${k}`,
    subject: symmetricObjective({ name: `spread@${k}`, k, f: spreadValue }),
    claims: { value: spreadValue, outcome: rewardOutcome() },
  })),
]

/** Every family, for k = 2 and the mean; where ties go to the answer seen first the order of samples matters. */
const ofEachFamily = ({ title }: Entry<Objective, ObjectiveClaims>): boolean =>
  /^meanObjective|[kn] = 2(, none|, ties (share|strict), unparsed abstain)?$/.test(title)

/** Every objective of the repository. A new one joins here and gets the same laws. */
export const everyObjective: readonly Entry<Objective, ObjectiveClaims>[] = [
  ...ownAdvantages,
  ...ownAdvantages.filter(ofEachFamily).map(({ title, subject, claims }) => ({
    title: `leaveTwoOut of ${title}`,
    subject: leaveTwoOut(subject),
    claims: { ...claims, vanishes: true },
  })),
]
