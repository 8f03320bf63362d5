/** What a view's `where` may ask of one event. An absent field satisfies nothing but `not(...)` of being present. */
export type Condition<O extends string = string, A extends string = string> =
  | { readonly op: 'atLeast' | 'above' | 'atMost' | 'below'; readonly field: O; readonly value: number }
  | { readonly op: 'oneOf'; readonly field: A; readonly values: readonly (string | number | boolean)[] }
  | { readonly op: 'present'; readonly field: A }
  | { readonly op: 'every' | 'some'; readonly of: readonly Condition<O, A>[] }
  | { readonly op: 'not'; readonly of: Condition<O, A> }

const comparison = <const P extends 'atLeast' | 'above' | 'atMost' | 'below'>(op: P) => <const F extends string>(field: F, value: number) => ({ op, field, value })

/** The field's number (an instant's epoch milliseconds) is this or more. */
export const atLeast = comparison('atLeast')
/** The field's number is more than this. */
export const above = comparison('above')
/** The field's number is this or less. */
export const atMost = comparison('atMost')
/** The field's number is less than this. */
export const below = comparison('below')
/** The field has one of these values. */
export const oneOf = <const F extends string>(field: F, values: readonly (string | number | boolean)[]) => ({ op: 'oneOf', field, values }) as const
/** The event has the field. */
export const present = <const F extends string>(field: F) => ({ op: 'present', field }) as const
export const every = <const C extends readonly Condition[]>(...of: C) => ({ op: 'every', of }) as const
export const some = <const C extends readonly Condition[]>(...of: C) => ({ op: 'some', of }) as const
export const not = <const C extends Condition>(of: C) => ({ op: 'not', of }) as const
