import type { ViewAnswer } from '../api/answers.ts'

/** What a chart can draw of a view: `events`, and every measure that is a number. */
export const numericMeasures = ({ measures }: Pick<ViewAnswer, 'measures'>): readonly string[] => ['events', ...measures.filter(({ kind }) => kind === 'int' || kind === 'real').map(({ name }) => name)]

/** What was asked for where it can be drawn, else `events`. */
export const measureOf = (view: Pick<ViewAnswer, 'measures'>, asked: string | null): string => numericMeasures(view).find((name) => name === asked) ?? 'events'
