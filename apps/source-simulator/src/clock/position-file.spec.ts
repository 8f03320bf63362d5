import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configureLog } from '@millrace/observability'
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals'
import { PositionFile } from './position-file.ts'
import { SimulatedClock } from './simulated-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-position-'))
const path = join(folder, 'deep', 'position.json')
const said: string[] = []
const restore = configureLog({ write: (line) => { said.push((JSON.parse(line) as { signal: string }).signal) } })
afterAll(() => {
  restore()
  rmSync(folder, { recursive: true })
})
beforeEach(() => { said.length = 0 })

const file = (setting: number | 'max' = 600) => new PositionFile(path, setting, () => 10_000)

describe('PositionFile', () => {
  it('has nothing at first, and then what was kept last, for its owner alone', () => {
    expect(file().read()).toBeUndefined()
    file().keep({ base: 1, since: 2, speed: 600 })
    file().keep({ base: 5_000, since: 9_000, speed: 'max' })
    expect(file().read()).toEqual({ base: 5_000, since: 9_000, speed: 'max' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(said).toEqual([])
  })

  it('goes on at the speed of the settings where that was changed, from where the clock is', () => {
    file(600).keep({ base: 5_000, since: 9_000, speed: 3 })
    expect(file(60).read()).toEqual({ base: 8_000, since: 10_000, speed: 60 })
    expect(file(600).read()).toEqual({ base: 5_000, since: 9_000, speed: 3 })
    file(600).keep({ base: 5_000, since: 9_000, speed: 'max' })
    expect(file(60).read()?.speed).toBe(60)
    expect(file(60).read()?.base).toBeGreaterThan(1e15)
  })

  it('counts a changed setting once, however often the clock starts', () => {
    let now = 10_000
    const start = (setting: number) => new SimulatedClock({ real: { now: () => now, sleep: () => Promise.reject(new Error('never')) }, start: 0, end: 1e9, speed: setting, keeper: new PositionFile(path, setting, () => now) })
    writeFileSync(path, '{"base":5000,"since":9000,"speed":3,"setting":3}')
    expect(start(10).now()).toBe(8_000)
    now += 100
    expect([start(10).now(), start(10).now()]).toEqual([9_000, 9_000])
  })

  it.each(['', '{', '[]', 'null', '{"base":1,"since":2}', '{"base":"1","since":2,"speed":3,"setting":3}', '{"base":1,"since":2,"speed":-3,"setting":3}', '{"base":1e300,"since":2,"speed":3,"setting":3}'])('begins anew where the file holds %j, and says so', (text) => {
    writeFileSync(path, text)
    expect(file().read()).toBeUndefined()
    expect(said).toEqual(['simulator_position_lost'])
  })

  it('says when it cannot keep the position, and goes on', () => {
    writeFileSync(join(folder, 'no-folder'), '')
    new PositionFile(join(folder, 'no-folder', 'position.json'), 600, () => 0).keep({ base: 1, since: 2, speed: 3 })
    expect(said).toEqual(['simulator_position_not_kept'])
    expect(readFileSync(join(folder, 'no-folder'), 'utf8')).toBe('')
  })
})
