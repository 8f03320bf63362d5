import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { appNames } from '../local/line/apps.mjs'
import { readSettings } from '../local/line/settings.mjs'
import { localConfig } from './local.mjs'
import { read } from './uses.mjs'

const text = read('infra/prometheus/prometheus.yml')
const scrapeOf = (config) => config.scrape_configs.find(({ job_name: name }) => name === 'millrace')

describe('prometheus.yml', () => {
  it('reads every app on the port that it has, under its name', () => {
    const { ports } = readSettings({})
    const targets = scrapeOf(parse(text)).static_configs.map(({ targets: [target], labels }) => [labels.app, target])
    assert.deepEqual(targets.sort(), appNames.map((app) => [app, `${app}:${ports[app]}`]).sort())
  })

  it('holds no key, only the file of one', () => {
    const { authorization } = scrapeOf(parse(text))
    assert.deepEqual(Object.keys(authorization).sort(), ['credentials_file', 'type'])
  })

  it('becomes one for a line on this machine by other addresses and another key alone', () => {
    const settings = readSettings({ MILLRACE_STATE: '/tmp/x', MILLRACE_PORT_OFFSET: '200' })
    const moved = parse(localConfig(text, settings))
    const { static_configs: targets, authorization } = scrapeOf(moved)
    assert.deepEqual(targets.map(({ targets: [target] }) => target), ['127.0.0.1:13200', '127.0.0.1:13201', '127.0.0.1:13202', '127.0.0.1:13203', '127.0.0.1:13209'])
    assert.equal(authorization.credentials_file, '/tmp/x/keys/read')
    const before = parse(text)
    for (const config of [before, moved]) for (const name of ['static_configs', 'authorization']) delete scrapeOf(config)[name]
    assert.deepEqual(moved, before)
  })

  it('is refused when it reads an app that has no port', () => {
    assert.throws(() => localConfig('- targets: [nobody:1]', readSettings({})), /reads nobody, which has no port/)
  })
})

describe('Grafana', () => {
  const dashboard = JSON.parse(read('infra/grafana/dashboards/line.json'))
  const { datasources } = parse(read('infra/grafana/provisioning/datasources/prometheus.yml'))

  it('finds the source of data that the dashboard names', () => {
    const named = [...JSON.stringify(dashboard).matchAll(/"datasource":\{[^}]*"uid":"([^"]+)"/g)].map(([, uid]) => uid)
    assert.ok(named.length > 20)
    assert.deepEqual([...new Set(named)], datasources.map(({ uid }) => uid))
  })

  it('lays no panel over another', () => {
    const taken = new Map()
    for (const { title, gridPos: { x, y, w, h } } of dashboard.panels) {
      for (let column = x; column < x + w; column += 1) {
        for (let line = y; line < y + h; line += 1) {
          assert.equal(taken.get(`${column} ${line}`), undefined, title)
          taken.set(`${column} ${line}`, title)
        }
      }
    }
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length)
  })
})
