import type { Condition } from './condition.ts'
import type { StreamDeclaration, ViewDeclaration } from './declaration.ts'
import type { EventValues } from './event.ts'

/** A window of a view in which an event counts. Instants are epoch milliseconds. */
export interface EventWindow {
  readonly view: ViewDeclaration
  /** The values of the view's `by`, in its order. */
  readonly group: readonly (string | number | boolean)[]
  readonly start: number
  readonly end: number
}

/** The windows in which an event counts, view by view in declared order, oldest first: what Spark works out for a whole topic. */
export function windowsOf({ views, eventTime }: Pick<StreamDeclaration, 'views' | 'eventTime'>, event: EventValues): EventWindow[] {
  const time = Number(event[eventTime])
  return views.filter(({ where }) => where === null || meets(where, event)).flatMap((view) => {
    const group = view.by.map((name) => event[name] ?? '')
    return windowStarts(view, time).map((start): EventWindow => ({ view, group, start, end: start + view.window.sizeMs }))
  })
}

/** Where the windows of a view start that hold an instant, oldest first. They are aligned to the epoch. */
export function windowStarts({ window: { sizeMs, slideMs } }: Pick<ViewDeclaration, 'window'>, ms: number): number[] {
  const starts: number[] = []
  for (let start = Math.floor(ms / slideMs) * slideMs; start > ms - sizeMs; start -= slideMs) starts.unshift(start)
  return starts
}

/** Whether an event meets a view's `where`. */
export const meets = (condition: Condition, event: EventValues): boolean => truth(condition, event) === true

/** The fields that a condition reads. */
export function conditionFields(condition: Condition): string[] {
  switch (condition.op) {
    case 'every':
    case 'some':
      return condition.of.flatMap(conditionFields)
    case 'not':
      return conditionFields(condition.of)
    default:
      return [condition.field]
  }
}

/** True, false, or as in SQL null where an absent field leaves it open. */
function truth(condition: Condition, event: EventValues): boolean | null {
  switch (condition.op) {
    case 'present':
      return event[condition.field] !== undefined
    case 'not': {
      const inner = truth(condition.of, event)
      return inner === null ? null : !inner
    }
    case 'every':
    case 'some': {
      const decisive = condition.op === 'some'
      const parts = condition.of.map((part) => truth(part, event))
      return parts.includes(decisive) ? decisive : parts.includes(null) ? null : !decisive
    }
    case 'oneOf': {
      const value = event[condition.field]
      return value === undefined ? null : condition.values.includes(value)
    }
    default: {
      const value = event[condition.field]
      return value === undefined ? null : compare[condition.op](Number(value), condition.value)
    }
  }
}

const compare = {
  atLeast: (a: number, b: number) => a >= b,
  above: (a: number, b: number) => a > b,
  atMost: (a: number, b: number) => a <= b,
  below: (a: number, b: number) => a < b,
} as const
