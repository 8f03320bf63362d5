import { describe, expect, it } from '@jest/globals'
import { ledgerRange, readLedgerQuery } from './ledger-query.ts'
import { RequestRefused } from './rest.errors.ts'

const hour = 3_600_000
const start = Date.parse('2018-02-01T00:00:00Z')

const wrongIn = (parameters: Record<string, unknown>): string[] => {
  try {
    readLedgerQuery(parameters)
  } catch (error) {
    if (error instanceof RequestRefused) return error.parts.map(({ parameter, found }) => `${parameter}: ${found}`)
    throw error
  }
  return []
}

describe('a query of the ledger', () => {
  it('needs no parameter', () => {
    expect(readLedgerQuery({})).toEqual({ from: null, to: null, version: null, cursor: null })
  })

  it('takes a range, a version and a cursor', () => {
    expect(readLedgerQuery({ from: '2018-02-01T01:00:00+01:00', to: '2018-02-02T00:00:00Z', version: '2', cursor: 'c' })).toEqual({ from: start, to: start + 24 * hour, version: 2, cursor: 'c' })
  })

  it('lists every wrong parameter at once', () => {
    expect(wrongIn({ from: 'x', to: ['a', 'b'], version: '0', cursor: '', limit: '1' })).toEqual(['to: given more than once', 'limit: not a parameter', "from: 'x'", "version: '0'", 'cursor: empty'])
    expect(wrongIn({ from: '2018-02-01T00:00:00Z', to: '2018-02-01T00:00:00Z' })).toEqual(["from: '2018-02-01T00:00:00Z'"])
  })
})

describe('its range', () => {
  const asked = { from: null, to: null }
  it('is the day up to the end of the newest hour', () => {
    expect(ledgerRange(asked, { highest: start + 5, horizon: 0 })).toEqual({ from: start - 23 * hour, to: start + hour })
  })

  it('begins at the horizon where the retention is shorter than a day', () => {
    expect(ledgerRange(asked, { highest: start + 5, horizon: start - hour - 1 })).toEqual({ from: start - hour, to: start + hour })
  })

  it('may be asked for beyond the horizon, in whatever minutes', () => {
    expect(ledgerRange({ from: start - 1, to: start + 1 }, { highest: null, horizon: start + 9 * hour })).toEqual({ from: start, to: start + hour })
  })

  it('is empty before the first event, and where all is older than the horizon', () => {
    expect(ledgerRange(asked, { highest: null, horizon: 0 })).toBeNull()
    expect(ledgerRange(asked, { highest: start, horizon: start + 2 * hour })).toBeNull()
  })
})
