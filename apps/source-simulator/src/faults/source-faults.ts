import type { Answer, Page } from '../answers/answer.ts'
import { seededRandom } from '../seeded-random.ts'
import { spoilAnswer } from './broken-answers.ts'
import type { RecordShape } from './broken-records.ts'
import { answerFaults, type AnswerFault, type Fault, type FaultPlan, type FaultySource } from './fault-plan.ts'
import { PageFaults } from './faulty-page.ts'
import { PageShift } from './page-shift.ts'
import { ServedBroken } from './served-broken.ts'

/** Each fault that may happen: how probable it is and how often it has happened. */
export type FaultTable = Readonly<Partial<Record<Fault, { readonly probability: number, readonly times: number }>>>

/** All that goes wrong with one source. The same seed and the same requests give the same faults. */
export class SourceFaults<Row extends object> {
  readonly served = new ServedBroken()
  readonly #name: FaultySource
  readonly #shape: RecordShape
  #shares: FaultPlan[FaultySource] = {}
  #times = new Map<Fault, number>()
  #random = seededRandom(0)
  #pages: PageFaults<Row>
  #shift: PageShift

  constructor(name: FaultySource, shape: RecordShape, plan: FaultPlan) {
    this.#name = name
    this.#shape = shape
    this.#pages = new PageFaults({ seed: '', shares: {}, shape })
    this.#shift = new PageShift('', {}, () => undefined)
    this.change(plan)
  }

  /** Begins a plan anew. What an earlier one has left out is still given. */
  change(plan: FaultPlan): void {
    const seed = `${this.#name}:${plan.seed}`
    this.#shares = plan[this.#name]
    this.#times = new Map()
    this.#random = seededRandom(`answers:${seed}`)
    this.#pages = new PageFaults({ seed, shares: this.#shares, shape: this.#shape, held: this.#pages.held })
    this.#shift = new PageShift(seed, this.#shares, (fault) => { this.#count(fault) })
  }

  get table(): FaultTable {
    return Object.fromEntries(Object.entries(this.#shares).map(([fault, probability]) => [fault, { probability, times: this.#times.get(fault as Fault) ?? 0 }]))
  }

  /** How many records were left out and are still to be given. */
  get held(): number {
    return this.#pages.held.length
  }

  /** Where a page begins, after rows that came or went before it. */
  beginOf(offset: number, isFirst: boolean): number {
    return this.#shift.apply(offset, isFirst)
  }

  /** A page as it goes out, spoiled or not. */
  answer(head: Pick<Answer, 'headers' | 'url'>, page: Page<Row>): Answer {
    const fault = this.#pick()
    const whole = { status: 200, ...head, ...this.#written(page) }
    if (fault === null) return whole
    this.#count(fault)
    return spoilAnswer[fault](whole, this.#random)
  }

  #written({ rows, limit, around, note }: Page<Row>): Pick<Answer, 'body' | 'served'> {
    const { records, counts, served } = this.#pages.apply(rows, limit)
    const place = around.lastIndexOf('[]') + 1
    return {
      body: `${around.slice(0, place)}${records.map(({ bytes }) => bytes).join(',')}${around.slice(place)}`,
      served: () => {
        served()
        for (const [fault, times] of counts) this.#count(fault, times)
        for (const record of records) if ('kind' in record) this.served.note(record)
        note(records.flatMap((record) => 'row' in record ? [record.row] : []))
      },
    }
  }

  /** At most one thing is wrong with the whole of an answer. */
  #pick(): AnswerFault | null {
    let left = this.#random()
    for (const fault of Object.keys(answerFaults) as AnswerFault[]) {
      left -= this.#shares[fault] ?? 0
      if (left < 0) return fault
    }
    return null
  }

  #count(fault: Fault, times = 1): void {
    this.#times.set(fault, (this.#times.get(fault) ?? 0) + times)
  }
}
