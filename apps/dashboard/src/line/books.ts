import type { Counts } from '../api/answers.ts'
import { countText } from '../format/number-text.ts'

/** An equation of the books with its numbers, and whether it holds. */
export interface Equation {
  readonly left: { readonly name: string; readonly count: number }
  readonly right: readonly { readonly name: string; readonly count: number }[]
  readonly doesHold: boolean
}

/** Every record that was fetched is one of three, and every fresh one of two. */
export const bookEquations = ({ fetched, fresh, repeated, rejected, late, published }: Counts): readonly Equation[] => [
  equation({ name: 'fetched', count: fetched }, [{ name: 'fresh', count: fresh }, { name: 'repeated', count: repeated }, { name: 'rejected', count: rejected }]),
  equation({ name: 'fresh', count: fresh }, [{ name: 'published', count: published }, { name: 'late', count: late }]),
]

const equation = (left: Equation['left'], right: Equation['right']): Equation => ({ left, right, doesHold: left.count === right.reduce((sum, { count }) => sum + count, 0) })

/** `32,276 fetched = 32,276 fresh + 0 repeated + 0 rejected` */
export const equationText = ({ left, right, doesHold }: Equation): string => `${side(left)} ${doesHold ? '=' : '≠'} ${right.map(side).join(' + ')}`

const side = ({ name, count }: Equation['left']): string => `${countText(count)} ${name}`
