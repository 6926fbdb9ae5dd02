import { environmentTable, runsDifferenceTable, runsTable, type StudyResult } from '@posttrain/recipes'
import { renderMarkdown } from '@posttrain/report'

/** The page of a finished study: the claim, the verdict, and the tables that it rests on. */
export function studyDocument({ study, config, report, analysis }: StudyResult): string {
  const [comparison] = report!.comparisons
  const { verdict, warnings, heldOutTasks } = comparison!
  const differences = runsDifferenceTable(comparison!)
  const lines = [...(analysis?.verdict ?? []), ...verdict].map((sentence) => `- ${sentence}`)
  const tables = (analysis?.sections ?? []).flatMap((section) =>
    section.kind === 'table' ? [`## ${section.title ?? ''}`, renderMarkdown(section.table)] : [],
  )
  return [
    `# ${study.title}`,
    `Written by \`tools/studies/write.ts\` from the folder that \`posttrain run ${study.name}\` left; do not edit. The idea: ` +
      `${study.paper}.`,
    `**What is claimed.** ${study.claim}`,
    `## What the runs say of it`,
    lines.join('\n'),
    ...(warnings.length > 0 ? ['What to mind:', warnings.map((warning) => `- ${warning}`).join('\n')] : []),
    ...tables,
    '## Objective and metric',
    `${config.seeds.length} seeds, ${heldOutTasks} held-out tasks, ${config.samplesPerTask} samples each at temperature 1; ` +
      `KL is that of completions from the checkpoint.`,
    renderMarkdown(runsTable(comparison!)),
    ...(differences ? ['## Paired differences', renderMarkdown(differences)] : []),
    '## Where and how long',
    renderMarkdown(environmentTable(report!.runs)),
  ]
    .map((part) => `${part.trim()}\n`)
    .join('\n')
}
