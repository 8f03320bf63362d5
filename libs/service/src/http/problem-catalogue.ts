import { ProblemException, type ProblemDetails } from './problem-exception.ts'

/** What is the same for every problem of one code. */
export interface CataloguedProblem {
  readonly status: number
  readonly title: string
  /** What the caller does about it, in a sentence or two. */
  readonly remedy: string
}

/** The problems that a library or an app answers with, by their code; each `*.problems.ts` exports one. */
export type ProblemCatalogue = Readonly<Record<string, CataloguedProblem>>

/** What one problem adds to what its catalogue says of its code. */
export type ProblemContext = Omit<ProblemDetails, 'status' | 'code' | 'title'>

/** The way to make problems of a catalogue: `throw problem('run_unknown', { detail: '…' })`. A code that it lacks does not compile. */
export function problemsOf<Code extends string>(catalogue: Readonly<Record<Code, CataloguedProblem>>): (code: Code, context: ProblemContext) => ProblemException {
  return (code, context) => {
    const { status, title } = catalogue[code]
    return new ProblemException({ ...context, status, code, title })
  }
}
