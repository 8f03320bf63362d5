import type { Relation } from '@millrace/spark-connect'

/** The plan without the step that removes repetitions: an event counts as often as it is on the topic. For drills. */
export function withoutDeduplication(relation: Relation): Relation {
  const { value } = relation.relType
  if (typeof value !== 'object' || !('input' in value) || typeof value.input !== 'object') return relation
  const input = withoutDeduplication(value.input)
  if (relation.relType.case === 'deduplicate') return input
  Object.assign(value, { input })
  return relation
}
