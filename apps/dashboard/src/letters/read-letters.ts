import type { StreamAnswer } from '../api/answers.ts'
import type { DeadAnswer, LateAnswer, LetterCounts, LetterPage } from '../api/kept-answers.ts'
import { streamPath } from '../api/paths.ts'
import type { Read, Reading } from '../api/read-json.ts'

/** What was kept apart of a stream: how many, and some of the newest. */
export interface KeptApart<Letter> {
  readonly counts: LetterCounts
  /** Whether there are more than one answer counts. */
  readonly isPartial: boolean
  readonly newest: readonly Letter[]
}

export interface Kept {
  readonly late: KeptApart<LateAnswer>
  readonly dead: KeptApart<DeadAnswer>
}

const shownLetters = 5
/** A page of letters may be empty and have a next one. */
const mostPages = 4

/** Late events and dead letters of the last week. Letters are only asked for where there are any. */
export async function readKept(read: Read, stream: Pick<StreamAnswer, 'name' | 'version'>, signal: AbortSignal): Promise<Reading<Kept>> {
  const late = await readOne<LateAnswer>(read, { stream, resource: 'late', signal })
  if ('problem' in late) return late
  const dead = await readOne<DeadAnswer>(read, { stream, resource: 'dead-letters', signal })
  if ('problem' in dead) return dead
  return { value: { late: late.value, dead: dead.value }, serverNow: dead.serverNow }
}

interface One {
  readonly stream: Pick<StreamAnswer, 'name' | 'version'>
  readonly resource: 'late' | 'dead-letters'
  readonly signal: AbortSignal
}

async function readOne<Letter>(read: Read, { stream, resource, signal }: One): Promise<Reading<KeptApart<Letter>>> {
  const counted = await read<LetterCounts>(streamPath(stream, [resource, 'counts']), signal)
  if ('problem' in counted) return counted
  const counts = counted.value
  const newest: Letter[] = []
  let cursor: string | null = null
  for (let page = 0; page < mostPages && counts.letters > 0 && newest.length < shownLetters; page += 1) {
    const list: Reading<LetterPage<Letter>> = await read<LetterPage<Letter>>(streamPath(stream, [resource], { limit: shownLetters, cursor }), signal)
    if ('problem' in list) return list
    newest.push(...list.value.data)
    cursor = list.value.page.next
    if (cursor === null) break
  }
  return { value: { counts, isPartial: counts.page.next !== null, newest: newest.slice(0, shownLetters) }, serverNow: counted.serverNow }
}
