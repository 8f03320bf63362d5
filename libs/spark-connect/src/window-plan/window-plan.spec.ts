import { readFileSync } from 'node:fs'
import { toJson } from '@bufbuild/protobuf'
import { describe, expect, it } from '@jest/globals'
import { RelationSchema } from '../../gen/spark/connect/relations_pb.js'
import { everything } from './everything.fixture.ts'
import { planText } from './plan-data.ts'
import { planHash } from './plan-hash.ts'
import { planRelation } from './plan-relation.ts'
import { checkpointName, parseQueryName, queryName } from './query-name.ts'
import { windowPlan } from './window-plan.ts'

const stream = everything()
const plan = windowPlan(stream)

describe('the plan of a stream', () => {
  it('is what the golden text says; a difference is a new generation of every stream, so it must be meant', () => {
    const golden = new URL('everything.golden.json', import.meta.url)
    expect(planText(plan)).toBe(readFileSync(golden, 'utf8'))
  })

  it('counts malformed records by the very predicate that leaves them out', () => {
    const [metrics, filter] = ['collectMetrics', 'filter'].map((name) => plan.steps.find(({ step }) => step === name))
    expect(metrics).toMatchObject({ metrics: ['count(1) AS total', `count_if(NOT coalesce(${filter?.step === 'filter' ? filter.condition : ''}, false)) AS malformed`] })
  })

  it('reads only the fields that something needs', () => {
    expect(planText(plan)).not.toContain('unread')
  })

  it('gives both watermark and window end the delay of the declaration', () => {
    const delay = stream.latenessMs + stream.slackMs
    expect(plan.steps.find(({ step }) => step === 'watermark')).toMatchObject({ delayMs: delay })
    expect(planText(plan)).toContain(`"spark.watermarkDelayMs": ${delay}`)
  })

  it('has the hidden ledger among its views', () => {
    expect(planText(plan)).toContain("struct('_ledger' AS view")
  })

  it('filters the windows only where a view has a condition', () => {
    const plain = windowPlan({ ...stream, views: stream.views.filter(({ where }) => where === null) })
    expect(planText(plan)).toContain('x -> x IS NOT NULL')
    expect(planText(plain)).not.toContain('x -> x IS NOT NULL')
  })

  it('computes an aggregate once that several views use', () => {
    const aggregate = plan.steps.find(({ step }) => step === 'aggregate')
    const sums = aggregate?.step === 'aggregate' ? aggregate.aggregates.filter((column) => column.startsWith('sum(`x`)')) : []
    expect(sums).toEqual(["sum(`x`) FILTER (WHERE _view IN ('all', 'some')) AS m1"])
  })
})

describe('the hash of a plan', () => {
  it('tells plans apart by what they do, not by how their data is ordered', () => {
    const { sink, ...rest } = plan
    expect(planHash({ sink, ...rest })).toBe(planHash(plan))
    expect(planHash(plan)).toMatch(/^[0-9a-f]{12}$/)
    expect(planHash(windowPlan({ ...stream, latenessMs: stream.latenessMs + 1 }))).not.toBe(planHash(plan))
  })

  it('does not change with what is no part of the computation', () => {
    expect(planHash(windowPlan({ ...stream, summary: 'Other words.', retentionMs: 1, partitions: 9 }))).toBe(planHash(plan))
  })
})

describe('the relation of a plan', () => {
  const json = JSON.stringify(toJson(RelationSchema, planRelation(plan, { brokers: 'kafka:9092', generation: 7 })))

  it('reads the whole topic and never over a gap', () => {
    expect(json).toContain('"options":{"kafka.bootstrap.servers":"kafka:9092","subscribe":"everything.v1","startingOffsets":"earliest","failOnDataLoss":"true"}')
  })

  it('carries the generation and the metadata of the watermark', () => {
    expect(json).toContain('7 AS _generation')
    expect(json).toContain(JSON.stringify(JSON.stringify({ 'spark.watermarkDelayMs': 70_000 })))
  })

  it('refuses a plan that does not begin with reading', () => {
    expect(() => planRelation({ ...plan, steps: plan.steps.slice(1) }, { brokers: 'b', generation: 1 })).toThrow("begins with 'project'")
  })
})

describe('the name of a query', () => {
  it('says what runs, and is read again', () => {
    const name = queryName(stream, 3, '0123456789ab')
    expect([name, checkpointName(stream, 3)]).toEqual(['everything.v1.g3@0123456789ab', 'everything.v1.g3'])
    expect(parseQueryName(name)).toEqual({ stream: 'everything.v1', generation: 3, planHash: '0123456789ab' })
  })

  it.each(['', 'everything.v1', 'everything.v1.g3', 'everything.v1.g3@xyz', 'recount', 'a b.v1.g1@0123456789ab'])('is none of ours: "%s"', (name) => {
    expect(parseQueryName(name)).toBeNull()
  })
})
