import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { secretsInLogs } from './secrets-in-logs.ts'

describe('secretsInLogs', () => {
  let state: string

  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'millrace-spec-'))
    for (const folder of ['secrets', 'keys', 'logs']) mkdirSync(join(state, folder))
    writeFileSync(join(state, 'secrets/cassandra-writer'), 'a-password-of-the-writer\n')
    writeFileSync(join(state, 'keys/trigger'), 'trigger.0123456789abcdef\n')
    writeFileSync(join(state, 'keys/verify.json'), '{"id":"trigger"}')
  })

  afterEach(() => { rmSync(state, { recursive: true, force: true }) })

  it('finds a password and a key, each in the log where it stands, and does not say them', () => {
    writeFileSync(join(state, 'logs/ingestion.log'), 'logged in with a-password-of-the-writer')
    writeFileSync(join(state, 'logs/query-api.log'), 'Bearer trigger.0123456789abcdef')
    expect(secretsInLogs({ state }).sort()).toEqual(['keys/trigger stands in logs/query-api.log', 'secrets/cassandra-writer stands in logs/ingestion.log'])
  })

  it('does not take the id of a key for its secret', () => {
    writeFileSync(join(state, 'logs/query-api.log'), 'key trigger of keys/verify.json')
    expect(secretsInLogs({ state })).toEqual([])
  })
})
