import { describe, expect, it } from '@jest/globals'
import { configureLog } from '@millrace/observability'
import { isSabotaged, sabotages } from './sabotage.ts'

const lines: string[] = []
configureLog({ app: 'spec', write: (line) => { lines.push(line) } })

describe('a sabotage', () => {
  it('is none without the variable', () => {
    expect(sabotages.filter((name) => isSabotaged(name, { NODE_ENV: 'test' }) || isSabotaged(name, { NODE_ENV: 'test', MILLRACE_SABOTAGE: '' }))).toEqual([])
    expect(lines).toEqual([])
  })

  it.each([undefined, 'production', 'development'])('keeps a process from starting whose NODE_ENV is %s, whichever it is', (NODE_ENV) => {
    for (const MILLRACE_SABOTAGE of [...sabotages, 'something'])
      expect(() => isSabotaged('cursor-before-ack', { NODE_ENV, MILLRACE_SABOTAGE })).toThrow(/only for drills/)
  })

  it('is the one that is named, and is said as an error', () => {
    const env = { NODE_ENV: 'test', MILLRACE_SABOTAGE: 'spark-dedup-off' }
    expect(sabotages.filter((name) => isSabotaged(name, env))).toEqual(['spark-dedup-off'])
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', name: 'spark-dedup-off' })
  })
})
