import { randomUUID } from 'node:crypto'
import type { Drill } from '../drill.ts'

const times = 100
const rounds = 10

export const oneKey: Drill = {
  id: 'F34',
  title: `one idempotency key posted ${times} times at once, and with another body`,
  breaks: `${rounds} times: ${times} requests for a run under one key, all at the same moment, and one with another body`,
  expects: 'one run, which all are told; the other body is refused as 422',
  protects: 'a key is claimed by a lightweight transaction',
  async run({ line, traffic, expect }) {
    for (let round = 1; round <= rounds; round++) {
      await traffic.untilMade((await traffic.made()).during + 500)
      const key = randomUUID()
      const post = (body: object) => fetch(`${line.urls.ingestion}/v1/streams/trades/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${line.key('trigger')}`, 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      })
      const answers = await Promise.all(Array.from({ length: times }, async () => {
        const answer = await post({})
        return { status: answer.status, id: ((await answer.json()) as { id?: string }).id }
      }))
      const ids = new Set(answers.map(({ id }) => id))
      expect(ids.size === 1 && !ids.has(undefined), `one key stands for ${ids.size} runs: ${[...ids].slice(0, 5).join(', ')}`)
      expect(answers.every(({ status }) => status === 202), `answers were ${[...new Set(answers.map(({ status }) => status))].join(', ')}; 202 is expected of all`)
      const other = await post({ reason: 'another body' })
      expect(other.status === 422, `the same key with another body was answered ${other.status}; 422 is expected`)
    }
  },
}
