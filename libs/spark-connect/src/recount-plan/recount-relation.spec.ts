import { toJson } from '@bufbuild/protobuf'
import { describe, expect, it } from '@jest/globals'
import { RelationSchema } from '../../gen/spark/connect/relations_pb.js'
import { everything } from '../window-plan/everything.fixture.ts'
import { windowPlan } from '../window-plan/window-plan.ts'
import { checkColumns } from './check-columns.ts'
import { recountRelation } from './recount-relation.ts'
import { recountedWindow } from './recounted-window.ts'

const stream = everything()
const viewOf = (name: string) => {
  const view = stream.views.find((one) => one.name === name)
  if (!view) throw new Error(`The fixture has no view ${name}.`)
  return view
}
const words = (name: string) => JSON.stringify(toJson(RelationSchema, recountRelation(stream, viewOf(name), { brokers: 'kafka:9092', begins: { 0: 5, 1: 0 }, ends: { 0: 9, 1: 7 }, from: 1_000, to: 2_000, tasks: 3 })))

describe('the relation of a recount', () => {
  it('reads fixed offsets of all partitions, never over a gap, with as many tasks as it may', () => {
    expect(words('all')).toContain(JSON.stringify({ 'kafka.bootstrap.servers': 'kafka:9092', subscribe: 'everything.v1', startingOffsets: '{"everything.v1":{"0":5,"1":0}}', endingOffsets: '{"everything.v1":{"0":9,"1":7}}', failOnDataLoss: 'true' }))
    expect(words('all')).toContain('"numPartitions":3,"shuffle":false')
    expect(words('all')).not.toContain('isStreaming')
  })

  it('takes for an event what the stream takes for one', () => {
    const filter = windowPlan(stream).steps.find(({ step }) => step === 'filter')
    expect(words('all')).toContain(JSON.stringify(`${filter?.step === 'filter' ? filter.condition : '?'} AND _e.\`at\` >= 1000L AND _e.\`at\` < 2000L`))
  })

  it('shares neither windows, nor aggregates, nor conditions with the plan that it checks', () => {
    for (const name of ['all', 'some', '_ledger']) for (const word of ['explode', 'pmod', '_view', 'watermark']) expect([name, word, words(name).includes(word)]).toEqual([name, word, false])
    expect(words('some')).toContain("window(timestamp_millis(`at`), '60000 milliseconds', '20000 milliseconds') AS _w")
    expect(words('all')).not.toContain("`s` IN")
    expect(words('some')).toContain("`s` IN")
  })

  it('gives whole windows only', () => {
    expect(words('some')).toContain('_ws >= 1000L AND _we <= 2000L')
  })
})

describe('what a value is judged by', () => {
  const { magnitudes, ranks } = checkColumns({ measures: viewOf('all').measures.filter(({ name }) => ['sumInt', 'sumReal', 'meanInt', 'ratioOfSums', 'move', 'highReal', 'greatestReal'].includes(name)) }, stream.event)

  it('is the size of what was added up, for reals that are calculated', () => {
    expect(magnitudes.map((column) => column.replaceAll(/\ba\d+\b/g, 'a'))).toEqual([
      'a AS `sumReal`', 'a AS `meanInt`', 'try_divide(a * a, CAST(CASE WHEN a BETWEEN -9007199254740991L AND 9007199254740991L THEN CAST(a AS BIGINT) END AS DOUBLE) * CAST(CASE WHEN a BETWEEN -9007199254740991L AND 9007199254740991L THEN CAST(a AS BIGINT) END AS DOUBLE)) AS `ratioOfSums`',
      '(abs(CAST(a AS DOUBLE)) + abs(CAST(a AS DOUBLE))) AS `move`',
    ])
  })

  it('is the least and the greatest rank for a percentile', () => {
    expect(ranks).toHaveLength(1)
    expect(ranks[0]).toContain('0.98D')
    expect(ranks[0]).toContain('* 1D')
    expect(ranks[0]).toContain('AS `highReal`')
  })
})

describe('a row of a recount', () => {
  const row = { group: ['A'], start: 1, end: 2, events: 3, appendedAt: 4, measures: { x: 1.5 }, magnitudes: { x: 'Infinity', y: 2 }, ranks: { z: [1, 2] } }

  it('is read, without sizes that are no numbers', () => {
    expect(recountedWindow(JSON.stringify(row))).toEqual({ ...row, magnitudes: { y: 2 } })
    expect(recountedWindow(JSON.stringify({ ...row, measures: undefined, magnitudes: undefined, ranks: undefined }))).toMatchObject({ measures: {}, magnitudes: {}, ranks: {} })
  })

  it('that is none is refused', () => {
    expect(() => recountedWindow('{"group":["A"]}')).toThrow('expected a window')
  })
})
