import { readInstant } from './field-values.ts'
import { RequestRefused, type WrongPart } from './rest.errors.ts'

/** A version as it is written. */
export const versionText = /^[1-9]\d{0,8}$/

type Parameters = Readonly<Record<string, unknown>>

/** The parameters of a query, read one by one; what is wrong is collected, so that all of it is answered at once. */
export class QueryTexts<Name extends string> {
  readonly wrong: WrongPart[] = []
  readonly #texts: Partial<Record<Name, string>> = {}

  /** Only `known` parameters are taken, each once. */
  constructor(parameters: Parameters, known: readonly Name[]) {
    const isKnown = (name: string): name is Name => (known as readonly string[]).includes(name)
    for (const [name, value] of Object.entries(parameters)) {
      if (!isKnown(name)) this.refuse(name, 'not a parameter', known.join(', '), 'Leave it out.')
      else if (typeof value !== 'string') this.refuse(name, 'given more than once', 'one value', 'Give it once.')
      else this.#texts[name] = value
    }
  }

  text(name: Name): string | undefined {
    return this.#texts[name]
  }

  /** Epoch milliseconds; null where it is left out or wrong. */
  instant(name: Name): number | null {
    const text = this.#texts[name]
    if (text === undefined) return null
    const reading = readInstant(text)
    return 'value' in reading ? reading.value : this.refuse(name, `'${text}'`, reading.expected, reading.cure)
  }

  /** `from` and `to`, the one before the other; `what` is in the range, for the cure. */
  range(from: Name, to: Name, what: string): { readonly from: number | null; readonly to: number | null } {
    const range = { from: this.instant(from), to: this.instant(to) }
    if (range.from !== null && range.to !== null && range.from >= range.to) this.refuse(from, `'${this.#texts[from] ?? ''}'`, `an instant before ${to}, '${this.#texts[to] ?? ''}'`, `Swap or widen them: ${what} at ${from} or later and before ${to} are answered.`)
    return range
  }

  /** A version of a stream; null where it is left out or wrong. */
  version(name: Name): number | null {
    const text = this.#texts[name]
    if (text === undefined) return null
    return versionText.test(text) ? Number(text) : this.refuse(name, `'${text}'`, 'a whole number from 1', 'Leave it out for the newest.')
  }

  /** The token of a page; null for the first one. */
  cursor(name: Name): string | null {
    if (this.#texts[name] === '') this.refuse(name, 'empty', 'the page.next of an answer', 'Leave it out for the first page.')
    return this.#texts[name] ?? null
  }

  refuse(parameter: string, found: string, expected: string, cure: string): null {
    this.wrong.push({ parameter, in: 'query', found, expected, cure })
    return null
  }

  /** Throws RequestRefused with every wrong parameter. */
  check(): void {
    if (this.wrong.length > 0) throw new RequestRefused(this.wrong)
  }
}
