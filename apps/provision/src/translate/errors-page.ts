import type { ProblemCatalogue } from '@millrace/service'
import { letterReasons, type ErrorCatalogue } from '@millrace/stream-kit'

/** What one project says of its codes; several catalogues of one project are one after the other. */
export interface ProjectCodes {
  /** `libs/kafka` */
  readonly project: string
  readonly errors: ErrorCatalogue
  readonly problems: ProblemCatalogue
}

const again = { now: 'at once', later: 'later', never: 'no' } as const

/** The text of `docs/errors.md`. Throws where two projects have one code, or one project says too little of it. */
export function errorsPage(projects: readonly ProjectCodes[]): string {
  const sorted = [...projects].sort((a, b) => (a.project < b.project ? -1 : 1))
  const wrong = [...doubled(sorted, 'errors'), ...doubled(sorted, 'problems'), ...sorted.flatMap(incomplete)]
  if (wrong.length > 0) throw new TypeError(wrong.join(' '))
  const errors = sorted.filter((one) => Object.keys(one.errors).length > 0).map(({ project, errors }) =>
    table(`### ${project}`, ['Code', 'Tried again', 'What has happened', 'What to do'], Object.entries(errors).sort(byCode).map(([code, { retry, means, remedy }]) => [`\`${code}\``, again[retry], means, remedy])))
  const problems = sorted.filter((one) => Object.keys(one.problems).length > 0).map(({ project, problems }) =>
    table(`### ${project}`, ['Code', 'Status', 'Title', 'What to do'], Object.entries(problems).sort(byCode).map(([code, { status, title, remedy }]) => [`\`${code}\``, String(status), title, remedy])))
  return `${[
    '# Errors',
    'Made by `provision generate` from the catalogues (`*.errors.ts`, `*.problems.ts`); do not edit. Programs decide by the code, never by a message.',
    '## What workers throw',
    'In log lines as `error.code`, in failed runs, and in the state of queries. Whether it is tried again is said of what Millrace does by itself. Where a request runs into one, it is answered with the code and 503 where it is tried again, else with 500.',
    ...errors,
    '## What requests are answered with',
    'Problems of RFC 9457: `code` and `detail` say what was wrong with this request, `correlationId` finds it in the log.',
    ...problems,
    '## Why letters are kept',
    'The `reason` of a late event or a dead letter. Nothing is kept without one, and an outage is no reason: it is waited for. The last column says what a redrive takes the bytes for: a record of the source, an event as it travels, or nothing that it can judge.',
    table('### Reasons', ['Reason', 'Store', 'Hop', 'What has happened', 'What to do', 'Redrive'], Object.entries(letterReasons).map(([reason, { store, hop, means, remedy, redrive }]) => [`\`${reason}\``, store, hop, means, remedy, redrive])),
  ].join('\n\n')}\n`
}

function doubled(projects: readonly ProjectCodes[], of: 'errors' | 'problems'): string[] {
  const holders = Map.groupBy(projects.flatMap((one) => Object.keys(one[of]).map((code) => ({ code, project: one.project }))), ({ code }) => code)
  return [...holders].filter(([, all]) => all.length > 1).map(([code, all]) => `${code} stands in the ${of} of ${all.map(({ project }) => project).join(' and ')}: rename one.`)
}

function incomplete({ project, errors, problems }: ProjectCodes): string[] {
  const texts = [
    ...Object.entries(errors).flatMap(([code, { means, remedy }]) => [[code, means], [code, remedy]] as const),
    ...Object.entries(problems).map(([code, { remedy }]) => [code, remedy] as const),
  ]
  const badCodes = [...Object.keys(errors), ...Object.keys(problems)].filter((code) => !/^[a-z][a-z0-9_]*$/.test(code))
  return [
    ...badCodes.map((code) => `${code} of ${project} is not in snake_case.`),
    ...texts.filter(([, text]) => !/^[A-Z].*\.$/s.test(text)).map(([code, text]) => `${code} of ${project} reads ${JSON.stringify(text)}; write sentences.`),
  ]
}

function table(heading: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll(/[|<]/g, '\\$&')).join(' | ')} |`
  return [heading, '', line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}

const byCode = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)
