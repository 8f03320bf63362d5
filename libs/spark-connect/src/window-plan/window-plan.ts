import { eventTopic, streamLabel, windowTopic, type StreamDeclaration } from '@millrace/stream-kit'
import { Aggregates } from './aggregates.ts'
import { fieldsRead, isEvent, measuredFields, orderOf, parsedEvent } from './event-sql.ts'
import { eventsColumn, orderColumn } from './measure-sql.ts'
import { generationColumn, keySql, valueSql } from './output-sql.ts'
import type { PlanStep, WindowPlan } from './plan-data.ts'
import { sqlName } from './sql-text.ts'
import { timeColumn, watermarkTime, windowsSql } from './window-sql.ts'

/** Under this name a batch reports how many events it read and how many of them were none. */
export const intakeMetrics = 'intake'

/**
 * One query for all views of a stream, the hidden `_ledger` with them: the cost of a query is per batch, and a view more
 * is nearly free. The steps, and why they stand in this order:
 *
 * 1. parse, keeping only the fields that something reads;
 * 2. count what does not parse, by the very predicate of the filter, so that nothing is left out uncounted. This step
 *    also keeps the filter from being pushed below the parser, which would parse each event once for every field;
 * 3. watermark, then remove duplicates, before an event becomes several rows: afterwards it costs many times the state.
 *    An event is known by the fields of its id, which determine `ce_id`: cheaper than the header, which would have to be
 *    found among all headers of each record, and no longer than it for the ids that sources have;
 * 4. one row for each window of each view that the event falls into;
 * 5. the window's end as a timestamp that carries the watermark in its metadata: with it the aggregate forgets windows as
 *    it would those of window(). A second watermark is refused by Spark;
 * 6. aggregate, then write each changed window as JSON.
 */
export function windowPlan(stream: StreamDeclaration): WindowPlan {
  const { event, eventTime, id, views } = stream
  const read = fieldsRead(stream)
  const kept = measuredFields(stream)
  const isValid = isEvent(stream)
  const delayMs = stream.latenessMs + stream.slackMs
  const aggregates = new Aggregates()
  const value = valueSql(views, event, aggregates)
  const fields = (names: readonly string[]) => names.map(sqlName)

  const steps: PlanStep[] = [
    { step: 'read', topic: eventTopic(stream) },
    { step: 'project', columns: [parsedEvent(stream)] },
    { step: 'collectMetrics', name: intakeMetrics, metrics: ['count(1) AS total', `count_if(NOT coalesce(${isValid}, false)) AS malformed`] },
    { step: 'filter', condition: isValid },
    {
      step: 'project',
      columns: [
        ...read.map((name) => `_e.${sqlName(name)} AS ${sqlName(name)}`),
        `_e.${sqlName(eventTime)} AS ${timeColumn}`,
        `${watermarkTime(`_e.${sqlName(eventTime)}`)} AS _ts`,
        `${orderOf(stream, (name) => `_e.${sqlName(name)}`)} AS ${orderColumn}`,
      ],
    },
    { step: 'watermark', column: '_ts', delayMs },
    { step: 'deduplicate', columns: id },
    { step: 'project', columns: [...fields(kept), orderColumn, windowsSql(stream)] },
    {
      step: 'project',
      columns: [
        ...fields(kept), orderColumn, '_v.view AS _view', '_v.grp AS _grp', '_v.ws AS _ws',
        { sql: watermarkTime('_v.we'), as: '_wend', metadata: { 'spark.watermarkDelayMs': delayMs } },
      ],
    },
    { step: 'aggregate', by: ['_view', '_grp', '_ws', '_wend'], aggregates: [`count(1) AS ${eventsColumn}`, ...aggregates.columns()] },
    { step: 'stampGeneration', column: generationColumn },
    { step: 'project', columns: [keySql, value] },
  ]
  return { format: 1, stream: streamLabel(stream), steps, outputMode: 'update', sink: windowTopic(stream) }
}
