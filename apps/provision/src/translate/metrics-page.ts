import type { DeclaredMetric } from '@millrace/observability'

/** What one project declares; `every process` for what Node tells. */
export interface ProjectMetrics {
  readonly project: string
  readonly metrics: readonly DeclaredMetric[]
}

/** The text of `docs/metrics.md`. Alert rules and dashboards are compared with it. */
export function metricsPage(projects: readonly ProjectMetrics[]): string {
  const tables = projects.filter(({ metrics }) => metrics.length > 0).map(({ project, metrics }) => [
    `## ${project}`,
    '',
    '| Metric | Kind | Labels | What it says |',
    '|---|---|---|---|',
    ...metrics.map(({ name, kind, labels, help }) => `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help.replaceAll('|', '\\|')} |`),
  ].join('\n'))
  return `${[
    '# Metrics',
    'Made by `provision generate` from the signals and metrics that libraries and apps declare; do not edit. Every worker answers them at `GET /metrics`; a metric of a library is there in the apps that use it. `stream` is the name of the stream, of most metrics with its version (`trades.v1`); Prometheus is set up to cut that into `stream` and `version`.',
    'What alerts are made of them, and what to do then: [guides/operate.md](guides/operate.md#alerts).',
    ...tables,
  ].join('\n\n')}\n`
}
