import { expect, it } from '@jest/globals'
import { deadLetterTopic, eventTopic, lateTopic, sourceUrlSetting, tableByTimeName, tableName, viewPath, windowTopic } from './names.ts'

const stream = { name: 'card-payments', version: 3 }
const view = { name: 'per-minute' }

it('derives every name from stream, version and view', () => {
  expect([eventTopic(stream), windowTopic(stream), lateTopic(stream), deadLetterTopic(stream)]).toEqual(['card-payments.v3', 'card-payments.v3.windows', 'card-payments.v3.late', 'card-payments.v3.dead-letters'])
  expect([tableName(stream, view), tableByTimeName(stream, view)]).toEqual(['card_payments_per_minute_v3', 'card_payments_per_minute_v3_by_time'])
  expect([viewPath(stream, view), sourceUrlSetting(stream.name)]).toEqual(['/v3/card-payments/per-minute', 'MILLRACE_SOURCE_CARD_PAYMENTS_URL'])
})

it('keeps the underscore of the hidden ledger view', () => {
  expect(tableName({ name: 'trades', version: 1 }, { name: '_ledger' })).toBe('trades__ledger_v1')
})
