import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path) => readFileSync(join(root, path), 'utf8')
const filesOf = (pattern) => globSync(pattern, { cwd: root }).sort()

/** Every alert of the rules, with the file it stands in. */
export const alerts = () => filesOf('infra/prometheus/rules/*.yml').flatMap((file) =>
  parse(read(file)).groups.flatMap(({ rules }) => rules.map((rule) => ({ file, ...rule }))))

/** The names of alerts that a test sees firing. */
export const testedAlerts = () => new Set(filesOf('infra/prometheus/tests/*.test.yml').flatMap((file) => parse(read(file)).tests)
  .flatMap(({ alert_rule_test: checks = [] }) => checks)
  .filter(({ exp_alerts: expected }) => expected.length > 0)
  .map(({ alertname }) => alertname))

/** Every query of the dashboards, with the panel it stands in; Grafana's own variables have values that promtool can read. */
export const panelQueries = () => filesOf('infra/grafana/dashboards/*.json').flatMap((file) => JSON.parse(read(file)).panels
  .flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ file, title, expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$stream', '.*') }))))

/** The metrics that the workers declare, by name: their labels. docs/metrics.md is made from the declarations. */
export const declaredMetrics = () => new Map([...read('docs/metrics.md').matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*) \|/gm)].flatMap(([, name, kind, labels]) => {
  const known = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)
  return kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => [name + end, [...known, 'le']]) : [[name, known]]
}))

/** What an expression asks of: `[{ metric, labels: { <label>: [<values>] } }]`. */
export const selectorsIn = (expr) => [...expr.matchAll(/\b((?:millrace|nodejs|process)_\w+|up|ALERTS)\b(?:\{([^}]*)\})?/g)].map(([, metric, matchers = '']) => ({
  metric,
  labels: Object.fromEntries([...matchers.matchAll(/(\w+)\s*=~?\s*"([^"]*)"/g)].map(([, label, value]) => [label, value.split('|')])),
}))

/** The labels that an expression sums by. */
export const groupedBy = (expr) => [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => labels.split(',').map((label) => label.trim()))

/** The sources of the workers as one text: a value of a label that a rule asks for must stand there. */
export const sources = () => filesOf('{apps,libs}/*/src/**/*.ts').filter((file) => !/\.(spec|fixture)\.ts$/.test(file)).map(read).join('\n')

export { read }
