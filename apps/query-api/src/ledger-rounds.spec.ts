import { CassandraError } from '@millrace/cassandra'
import { configureLog } from '@millrace/observability'
import type { LedgerAnswer } from '@millrace/rest'
import { waitUntil } from '@millrace/service'
import { defineCatalogue } from '@millrace/stream-kit'
import { earthquakes, trades } from '@millrace/streams'
import { FakeClock } from '@millrace/testing'
import { beforeEach, expect, it } from '@jest/globals'
import type { LedgerQuestion } from './ledger-queries.ts'
import { LedgerRounds } from './ledger-rounds.ts'

const lines: string[] = []
configureLog({ app: 'spec', write: (line) => { lines.push(line) } })

const asked: string[] = []
let answer: (question: LedgerQuestion) => string | null
const rounds = (clock = new FakeClock()) => new LedgerRounds({
  catalogue: defineCatalogue([earthquakes, trades]),
  ledgers: {
    answer: async (question) => {
      await Promise.resolve()
      asked.push(`${question.stream} ${JSON.stringify(question.parameters)}`)
      return { page: { next: answer(question) } } as LedgerAnswer
    },
  },
  everyMs: 60_000,
  clock,
})

beforeEach(() => {
  lines.length = 0
  asked.length = 0
  answer = () => null
})

it('looks at all pages of every stream', async () => {
  answer = ({ stream, parameters }) => (stream === 'trades' && parameters['cursor'] === undefined ? 'page 2' : null)
  await rounds().round()
  expect(asked).toEqual(['earthquakes {"version":"1"}', 'trades {"version":"1"}', 'trades {"version":"1","cursor":"page 2"}'])
})

it('looks at the other streams where one cannot be seen, and says so', async () => {
  answer = ({ stream }) => {
    if (stream === 'earthquakes') throw new CassandraError('cassandra_unreachable', 'away')
    return null
  }
  await rounds().round()
  expect(asked).toHaveLength(2)
  expect(lines.join()).toContain('ledger_not_seen')
})

it('looks again after its time, until the end', async () => {
  const clock = new FakeClock()
  const looking = rounds(clock)
  looking.onApplicationBootstrap()
  for (const times of [2, 4]) {
    await waitUntil(() => clock.sleepers === 1, { deadlineMs: 5_000, what: 'the pause' })
    await clock.advance(60_000)
    await waitUntil(() => asked.length === times, { deadlineMs: 5_000, what: 'a look' })
  }
  await looking.onApplicationShutdown()
  expect(clock.sleepers).toBe(0)
})
