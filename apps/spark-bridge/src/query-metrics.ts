import { gauge } from '@millrace/observability'
import type { QueryView } from './query-view.ts'

const up = gauge({ name: 'millrace_query_up', help: '1 while the query of a generation runs.', labels: ['stream', 'generation'] })
const lag = gauge({ name: 'millrace_query_lag_events', help: 'Events on the topic that are in no window yet.', labels: ['stream', 'generation'] })
const stateNow = gauge({ name: 'millrace_query_state', help: '1 for the state that the query of a generation is in.', labels: ['stream', 'generation', 'state'] })
const stateRows = gauge({ name: 'millrace_query_state_rows', help: 'Rows of state that a query keeps: open windows and ids remembered.', labels: ['stream', 'generation'] })

const isUp = new Set<QueryView['state']>(['running', 'building'])

/** Says how the queries are, and nothing of those that are gone. */
export function showQueries(views: readonly QueryView[]): void {
  for (const metric of [up, lag, stateNow, stateRows]) metric.reset()
  for (const { stream, version, generation, ...view } of views) {
    if (generation === null) continue
    const labels = { stream: `${stream}.v${version}`, generation }
    up.set(isUp.has(view.state) ? 1 : 0, labels)
    lag.set(Object.values(view.lag).reduce((sum, events) => sum + events, 0), labels)
    stateNow.set(1, { ...labels, state: view.state })
    stateRows.set(view.stateRows, labels)
  }
}
