import type { Random } from '../engine/random.ts'
import { hourMs, type SourceItem } from '../stream.ts'

export interface TimedItem {
  item: SourceItem
  /** When the source begins to show it, milliseconds of the world. */
  readonly appearsAt: number
  /** Whether it can be an event at all. */
  readonly isBroken: boolean
}

export interface RecordsOptions {
  readonly startMs: number
  /** How long new records go on appearing. */
  readonly lastsMs: number
}

const minuteMs = 60_000
const birds = ['owl', 'crow', 'wren', 'kite']

/** What a source comes to show: in order and out of it, twice, revised, late, broken, from the future, and in gaps that were read already. */
export function drawRecords(random: Random, { startMs, lastsMs }: RecordsOptions, count: (what: string) => void): TimedItem[] {
  const many = random.between(15, 60)
  const all: TimedItem[] = []
  const odd = { repeated: pick(random, 0.12), revised: pick(random, 0.08), late: pick(random, 0.1), broken: pick(random, 0.08), gap: pick(random, 0.06) }
  const firstTimes = new Map<string, number>()
  let time = startMs - 14 * hourMs
  for (let i = 1; i <= many; i += 1) {
    time += random.chance(0.06) ? random.between(20, 70) * minuteMs : random.below(6 * minuteMs)
    const appearsAt = startMs + Math.floor((i / many) * lastsMs) + random.below(400)
    const seq = i * 10
    const fresh: SourceItem = { seq, id: `b${i}`, bird: random.pick(birds), count: random.below(9), seenAt: time - (random.chance(0.3) ? random.below(25 * minuteMs) : 0) }
    const earlier = all.length > 0 ? random.pick(all) : null
    firstTimes.set(fresh.id, Number(fresh.seenAt))
    const draw = random.next()
    let bound = 0
    const is = (chance: number): boolean => draw < (bound += chance)
    if (earlier && !earlier.isBroken && is(odd.repeated)) {
      count('source: shows a record twice')
      all.push({ item: { ...earlier.item, seq }, appearsAt, isBroken: false })
    } else if (earlier && !earlier.isBroken && is(odd.revised)) {
      count('source: revises a record')
      all.push({ item: { ...earlier.item, seq, count: random.between(100, 200), ...(random.chance(0.3) && { seenAt: (firstTimes.get(earlier.item.id) ?? 0) + random.between(-10, 11) * minuteMs }) }, appearsAt, isBroken: false })
    } else if (is(odd.late)) {
      count('source: shows a record late')
      const seenAt = time - random.between(31, 240) * minuteMs
      firstTimes.set(fresh.id, seenAt)
      all.push({ item: { ...fresh, seenAt }, appearsAt, isBroken: false })
    } else if (is(odd.broken)) {
      count('source: shows a broken record')
      all.push({ item: { ...fresh, ...random.pick([{ count: 'many' }, { seenAt: 'yesterday' }, { bird: null }, { seenAt: startMs + 30 * hourMs }, { bird: '' }]) }, appearsAt, isBroken: true })
    } else if (is(odd.gap) && i > 3) {
      count('source: shows a record where it was read already')
      all.push({ item: { ...fresh, seq: seq - gapAt(random.between(11, 29)) }, appearsAt: appearsAt + random.below(3_000), isBroken: false })
    } else all.push({ item: fresh, appearsAt, isBroken: false })
  }
  return all
}

/** An event so far ahead that every window before it is closed. */
export function closingRecord(all: readonly TimedItem[], appearsAt: number): TimedItem {
  const latest = Math.max(...all.filter(({ isBroken }) => !isBroken).map(({ item }) => Number(item.seenAt)))
  return { item: { seq: (all.length + 2) * 10, id: 'closing', bird: 'owl', count: 1, seenAt: latest + 3 * hourMs }, appearsAt, isBroken: false }
}

/** Never a multiple of ten: these are the records that nobody may miss. */
const gapAt = (behind: number): number => (behind % 10 === 0 ? behind + 1 : behind)

const pick = (random: Random, usual: number): number => (random.chance(0.35) ? 0 : usual * random.pick([0.5, 1, 2]))
