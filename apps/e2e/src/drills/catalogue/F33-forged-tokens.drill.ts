import type { Page } from '../../http/read-view.ts'
import { getJson } from '../../http/get-json.ts'
import type { Drill } from '../drill.ts'
import { seededRandom } from '../seeded-random.ts'

const forgeries = 2_000
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export const forgedTokens: Drill = {
  id: 'F33',
  title: 'forged page tokens',
  breaks: `${forgeries} tokens made from a good one: a letter changed, cut, prolonged, of another view, of another range, made up`,
  expects: 'each is refused as 400; none is taken, none breaks the API',
  protects: 'a signature over position, query and caller',
  async run({ line, traffic, expect, seed, say }) {
    await traffic.untilMade(5_000)
    const base = `${line.urls.queryApi}/v1/trades`
    const span = { from: new Date(Date.now() - 600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() }
    const ask = (path: string, more: Record<string, string>) => fetch(`${base}/${path}?${new URLSearchParams({ ...span, limit: '5', ...more }).toString()}`, { signal: AbortSignal.timeout(10_000) })
    const { page: { next } } = await getJson<Page>(`${base}/per-10-seconds?${new URLSearchParams({ ...span, limit: '5' }).toString()}`)
    if (next === null) throw new Error('There is no second page to forge the token of.')
    expect((await ask('per-10-seconds', { cursor: next })).status === 200, 'the token itself is not taken')
    expect((await ask('per-minute', { cursor: next })).status === 400, "one view's token is taken by another")
    expect((await ask('per-10-seconds', { cursor: next, from: new Date(0).toISOString() })).status === 400, "one range's token is taken for another")
    const random = seededRandom(seed)
    const answers = new Map<number, number>()
    for (let nth = 0; nth < forgeries; nth++) {
      const { status } = await ask('per-10-seconds', { cursor: forged(next, random) })
      answers.set(status, (answers.get(status) ?? 0) + 1)
    }
    say(`answers: ${JSON.stringify(Object.fromEntries(answers))}`)
    expect([...answers.keys()].every((status) => status === 400), `forged tokens were answered ${JSON.stringify(Object.fromEntries(answers))}; 400 is expected of all`)
  },
}

function forged(token: string, random: () => number): string {
  const at = Math.floor(random() * token.length)
  const letter = letters[Math.floor(random() * letters.length)] ?? 'A'
  const ways = [
    () => token.slice(0, at) + (token[at] === letter ? (letter === 'A' ? 'B' : 'A') : letter) + token.slice(at + 1),
    () => token.slice(0, Math.max(1, at)),
    () => `${token}${letter}`,
    () => Array.from({ length: 1 + at }, () => letters[Math.floor(random() * letters.length)]).join(''),
    () => `${token}.${token}`,
  ]
  return (ways[Math.floor(random() * ways.length)] ?? (() => letter))()
}
