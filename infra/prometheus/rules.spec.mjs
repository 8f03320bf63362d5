import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { hasPromtool, promtool } from './promtool.mjs'
import { alerts, declaredMetrics, groupedBy, panelQueries, read, root, selectorsIn, sources, testedAlerts } from './uses.mjs'

/** What Prometheus adds to every series, and what prometheus.yml cuts out of `stream`. */
const added = new Set(['job', 'instance', 'app', 'version', 'le'])
const ofPrometheus = new Map([['up', []], ['ALERTS', ['alertname', 'alertstate']]])

const known = new Map([...declaredMetrics(), ...ofPrometheus])
const queries = [...alerts().map(({ alert, expr }) => ({ at: alert, expr })), ...panelQueries().map(({ title, expr }) => ({ at: title, expr }))]
const selected = queries.flatMap(({ at, expr }) => selectorsIn(expr).map((selector) => ({ at, expr, ...selector })))

describe('rules and dashboard', () => {
  it('ask only for metrics that a worker declares', () => {
    assert.ok(selected.length > 60, `${selected.length} were found`)
    assert.deepEqual(selected.filter(({ metric }) => !known.has(metric)).map(({ at, metric }) => `${at}: ${metric}`), [])
  })

  it('ask only for labels that these metrics have', () => {
    const strange = selected.flatMap(({ at, metric, labels }) => Object.keys(labels).filter((label) => !added.has(label) && !known.get(metric)?.includes(label)).map((label) => `${at}: ${metric}{${label}}`))
    assert.deepEqual(strange, [])
    const groups = queries.flatMap(({ at, expr }) => {
      const there = new Set([...added, ...selectorsIn(expr).flatMap(({ metric }) => known.get(metric) ?? [])])
      return groupedBy(expr).filter((label) => !there.has(label)).map((label) => `${at}: by (${label})`)
    })
    assert.deepEqual(groups, [])
  })

  it('ask only for values that stand in the source', () => {
    const text = sources()
    const values = selected.flatMap(({ at, metric, labels }) => Object.entries(labels)
      .filter(([label]) => !added.has(label) && !ofPrometheus.has(metric))
      .flatMap(([label, some]) => some.filter((value) => value !== '.*' && !text.includes(`'${value}'`)).map((value) => `${at}: ${label}="${value}"`)))
    assert.deepEqual(values, [])
  })
})

describe('an alert', () => {
  it('has a name of its own, a severity, a summary and a place that says what to do', () => {
    const page = read('docs/guides/operate.md')
    const section = page.slice(page.indexOf('\n## Alerts\n'), page.indexOf('\n## ', page.indexOf('\n## Alerts\n') + 1))
    const rows = [...section.matchAll(/^\| `(Millrace\w+)` \|/gm)].map(([, name]) => name)
    assert.deepEqual(rows.sort(), alerts().map(({ alert }) => alert).sort())
    for (const { alert, labels, annotations } of alerts()) {
      assert.match(labels?.severity ?? '', /^(critical|warning)$/, alert)
      assert.ok(annotations?.summary?.length > 20, alert)
      assert.equal(annotations.runbook_url, 'docs/guides/operate.md#alerts', alert)
    }
  })

  it('has been seen firing in a test', () => {
    const tested = testedAlerts()
    assert.deepEqual(alerts().map(({ alert }) => alert).filter((name) => !tested.has(name)), [])
  })
})

describe('promtool', async () => {
  const skip = await hasPromtool() ? false : "not run: promtool is not on the PATH (Debian's package 'prometheus' has it)"
  const test = (name, work) => it(name, { skip }, work)

  test('accepts the rules', () => promtool(['check', 'rules', ...new Set(alerts().map(({ file }) => file))], { cwd: root }))

  test('accepts the configuration', () => promtool(['check', 'config', '--syntax-only', 'infra/prometheus/prometheus.yml'], { cwd: root }))

  for (const group of ['delivery', 'flow', 'processes']) {
    test(`sees the alerts of ${group} fire when they should, and only then`, () => promtool(['test', 'rules', `infra/prometheus/tests/${group}.test.yml`], { cwd: root }))
  }

  test("accepts the dashboard's queries", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-panels-'))
    try {
      const rules = panelQueries().map(({ expr }, index) => ({ record: `panel:query_${index}:value`, expr }))
      writeFileSync(join(folder, 'panels.yml'), JSON.stringify({ groups: [{ name: 'panels', rules }] }))
      await promtool(['check', 'rules', join(folder, 'panels.yml')])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('refuses what is wrong: the checks above can fail', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-wrong-'))
    try {
      writeFileSync(join(folder, 'wrong.yml'), 'groups: [{ name: a, rules: [{ alert: A, expr: "rate(x" }] }]')
      await assert.rejects(promtool(['check', 'rules', join(folder, 'wrong.yml')]), /is not content/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
