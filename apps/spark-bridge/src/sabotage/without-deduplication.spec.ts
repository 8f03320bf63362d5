import { expect, it } from '@jest/globals'
import { planRelation, windowPlan } from '@millrace/spark-connect'
import { trades } from '@millrace/streams'
import { withoutDeduplication } from './without-deduplication.ts'

const stepsOf = (relation: object | undefined): string[] => {
  const { relType } = (relation ?? {}) as { relType?: { case?: string; value?: { input?: object } } }
  return relType?.case === undefined ? [] : [relType.case, ...stepsOf(relType.value?.input)]
}
const plan = () => planRelation(windowPlan(trades), { brokers: 'kafka:9092', generation: 1 })

it('takes the step out that removes repetitions, and leaves the others', () => {
  const steps = stepsOf(plan())
  expect(steps).toContain('deduplicate')
  expect(stepsOf(withoutDeduplication(plan()))).toEqual(steps.filter((step) => step !== 'deduplicate'))
})
