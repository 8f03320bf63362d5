import { describe, expect, it } from '@jest/globals'
import { seededRandom } from '../seeded-random.ts'
import { Tape } from './tape.ts'

const deal = (cents: number): { symbol: number, cents: number, size: number } => ({ symbol: cents % 20, cents, size: cents + 1 })

describe('Tape', () => {
  it('numbers from one, and reads what comes after a number', () => {
    const tape = new Tape(10)
    for (let i = 1; i <= 4; i++) tape.append(deal(i), i * 100)
    expect(tape.read(0, 2)).toEqual([{ seq: 1, original: 1, tradedAt: 100, ...deal(1) }, { seq: 2, original: 2, tradedAt: 200, ...deal(2) }])
    expect(tape.read(3, 9).map(({ seq }) => seq)).toEqual([4])
    expect(tape.read(4, 9)).toEqual([])
    expect([tape.oldest, tape.latest, tape.kept, tape.dropped]).toEqual([1, 4, 4, 0])
  })

  it('goes on after a number that lies ahead, and never goes back', () => {
    const tape = new Tape(10)
    tape.append(deal(1), 1)
    tape.skipTo(500)
    expect(tape.latest).toBe(500)
    tape.append(deal(2), 2)
    expect(tape.read(0, 9).map(({ seq }) => seq)).toEqual([1, 501])
    expect(tape.read(250, 9).map(({ seq }) => seq)).toEqual([501])
    expect(() => { tape.skipTo(501) }).toThrow('The tape is at 501')
  })

  it('is the end of an endless list, whatever is done to it', () => {
    const random = seededRandom(7)
    const upTo = (limit: number): number => Math.floor(random() * limit)
    for (let round = 0; round < 40; round++) {
      const capacity = 1 + upTo(40)
      const tape = new Tape(capacity)
      const model: { seq: number, original: number, cents: number, served: number }[] = []
      let latest = 0
      for (let step = 0; step < 200; step++) {
        const kept = model.slice(-capacity)
        const action = random()
        if (action < 0.6) {
          const repeated = kept[upTo(kept.length)]
          const original = random() < 0.2 && repeated !== undefined ? repeated.original : undefined
          latest += 1
          model.push({ seq: latest, original: original ?? latest, cents: step, served: 0 })
          tape.append(deal(step), step, original)
        } else if (action < 0.65) {
          latest += 1 + upTo(30)
          tape.skipTo(latest)
        } else if (action < 0.8) {
          const seq = upTo(latest + 5)
          const entry = kept.find((candidate) => candidate.seq === seq)
          if (entry !== undefined) entry.served += 1
          expect(tape.noteServed(seq)).toBe(entry?.served ?? 0)
        } else {
          const [after, limit] = [upTo(latest + 5), 1 + upTo(20)]
          const expected = kept.filter(({ seq }) => seq > after).slice(0, limit)
          expect(tape.read(after, limit).map(({ seq, original, cents }) => [seq, original, cents])).toEqual(expected.map(({ seq, original, cents }) => [seq, original, cents]))
          expect(expected.map(({ seq }) => tape.timesServed(seq))).toEqual(expected.map(({ served }) => served))
        }
        expect([tape.latest, tape.dropped, tape.kept]).toEqual([latest, model.at(-capacity - 1)?.seq ?? 0, Math.min(model.length, capacity)])
      }
    }
  })
})
