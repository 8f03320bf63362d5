/** A number made of an event's fields: a field, a constant, or arithmetic on two of them. */
export type NumberExpression<F extends string = string> = F | number | Arithmetic<F>

export interface Arithmetic<F extends string = string> {
  readonly op: 'plus' | 'minus' | 'times'
  readonly left: NumberExpression<F>
  readonly right: NumberExpression<F>
}

interface OfField<K extends string, F extends string> {
  readonly kind: K
  readonly of: F
}

interface OfNumber<K extends string, F extends string> {
  readonly kind: K
  readonly of: NumberExpression<F>
}

export interface Percentile<F extends string = string> extends OfField<'approxPercentile', F> {
  /** Between 0 and 1, both excluded. */
  readonly share: number
  /** The rank error is at most 1 / accuracy of the number of events. */
  readonly accuracy: number
}

export interface Derived<M> {
  readonly kind: 'derived'
  readonly op: 'plus' | 'minus' | 'times' | 'dividedBy'
  readonly left: M
  readonly right: M
}

/**
 * What a view computes over the events of a window. `N`: fields that hold numbers, `C`: fields that have an order,
 * `A`: any field. Absent values are skipped; a measure over nothing but absent values is absent itself.
 */
export type Measure<N extends string = string, C extends string = string, A extends string = string> =
  | { readonly kind: 'count' }
  | OfNumber<'sum', N>
  | OfNumber<'avg', N>
  | OfField<'min', C>
  | OfField<'max', C>
  | OfField<'first', A>
  | OfField<'last', A>
  | OfField<'approxCountDistinct', A>
  | Percentile<N>
  | { readonly kind: 'derived'; readonly op: Derived<never>['op']; readonly left: Measure<N, C, A>; readonly right: Measure<N, C, A> }

export type MeasureKind = Measure['kind']

type Fields<X> = X extends string ? X : X extends Arithmetic<infer F> ? F : never

/** The number of events. Every view has it already under the name `events`. */
export const count = () => ({ kind: 'count' }) as const
export const sum = <const X extends NumberExpression>(of: X): OfNumber<'sum', Fields<X>> => ({ kind: 'sum', of: of as NumberExpression<Fields<X>> })
export const avg = <const X extends NumberExpression>(of: X): OfNumber<'avg', Fields<X>> => ({ kind: 'avg', of: of as NumberExpression<Fields<X>> })
export const min = <const F extends string>(of: F): OfField<'min', F> => ({ kind: 'min', of })
export const max = <const F extends string>(of: F): OfField<'max', F> => ({ kind: 'max', of })
/** The value of the earliest event that has one, by event time, then by event id. */
export const first = <const F extends string>(of: F): OfField<'first', F> => ({ kind: 'first', of })
/** The value of the latest event that has one, by event time, then by event id. */
export const last = <const F extends string>(of: F): OfField<'last', F> => ({ kind: 'last', of })
/** HyperLogLog++ estimate of how many different values there are (standard error 5 %). */
export const approxCountDistinct = <const F extends string>(of: F): OfField<'approxCountDistinct', F> => ({ kind: 'approxCountDistinct', of })
export const approxPercentile = <const F extends string>(of: F, share: number, { accuracy = 1_000 }: { accuracy?: number } = {}): Percentile<F> => ({
  kind: 'approxPercentile', of, share, accuracy,
})

const arithmetic = (op: Arithmetic['op']) => <const L extends NumberExpression, const R extends NumberExpression>(left: L, right: R): Arithmetic<Fields<L> | Fields<R>> =>
  ({ op, left: left as NumberExpression<Fields<L>>, right: right as NumberExpression<Fields<R>> })

/** The sum of two numbers of one event. */
export const plus = arithmetic('plus')
/** The difference of two numbers of one event. */
export const minus = arithmetic('minus')
/** The product of two numbers of one event: `sum(times('price', 'size'))`. */
export const times = arithmetic('times')

/** One measure divided by another; absent when the divisor is zero or absent. */
export const ratio = <const L extends Measure, const R extends Measure>(left: L, right: R): Derived<L | R> => ({ kind: 'derived', op: 'dividedBy', left, right })
/** One measure less another. */
export const difference = <const L extends Measure, const R extends Measure>(left: L, right: R): Derived<L | R> => ({ kind: 'derived', op: 'minus', left, right })
