import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeFinding, lintCompose } from './lint-compose.mjs'
import { hasCompose, renderCompose } from './render.mjs'

const made = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kM9nP2r'
const service = {
  image: 'millrace/app:0.1.0',
  user: '65532:65532',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  deploy: { resources: { limits: { memory: '268435456', cpus: 0.5, pids: 100 } } },
  healthcheck: { test: ['CMD', 'node', '/app/healthy.mjs'] },
  ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 13000, published: '13000', protocol: 'tcp' }],
  volumes: [{ type: 'bind', source: '/repo/infra/x.yml', target: '/etc/x.yml', read_only: true }, { type: 'volume', source: 'data', target: '/data' }],
  environment: { MILLRACE_KEYS_FILE: '/run/secrets/verify.json', MILLRACE_SPARK_CONNECT_TOKEN_FILE: '/run/secrets/token', AIRFLOW__CORE__FERNET_KEY_CMD: 'cat /run/secrets/fernet', NODE_ENV: 'production', EMPTY: null },
  command: ['node', '/app/main.mjs', '--password-file=/run/secrets/a'],
}
const fileWith = (change = {}, more = {}) => ({ services: { app: { ...service, ...change } }, secrets: { key: { file: '/repo/.millrace/keys/read' } }, ...more })
const findingsOf = (change, more) => lintCompose(fileWith(change, more)).map(({ rule, found }) => `${rule}: ${found}`)

/** Each a violation planted into a file without one, and what is found. */
const planted = [
  [{ user: undefined }, 'S22 user: user is not set'],
  [{ user: 'node' }, 'S22 user: user is node'],
  [{ user: '0:0' }, 'S22 user: user is 0:0'],
  [{ user: 'root' }, 'S22 user: user is root'],
  [{ read_only: undefined }, 'S22 read-only: the root is writable'],
  [{ cap_drop: ['NET_RAW'] }, 'S22 capabilities: cap_drop has no ALL'],
  [{ cap_add: ['SYS_ADMIN'] }, 'S22 capabilities: cap_add has SYS_ADMIN'],
  [{ security_opt: undefined }, 'S22 privileges: no-new-privileges is not set'],
  [{ security_opt: ['no-new-privileges:false'] }, 'S22 privileges: no-new-privileges is not set'],
  [{ security_opt: ['no-new-privileges:true', 'seccomp=unconfined'] }, 'S22 privileges: security_opt has seccomp=unconfined'],
  [{ privileged: true }, 'S22 privileges: it is privileged'],
  [{ devices: [{ source: '/dev/kvm', target: '/dev/kvm' }] }, 'S22 privileges: it has the device /dev/kvm'],
  [{ network_mode: 'host' }, 'S22 host: network_mode is host'],
  [{ pid: 'host' }, 'S22 host: pid is host'],
  [{ deploy: { resources: { limits: { cpus: 1, pids: 9 } } } }, 'S22 limits: no limit of memory'],
  [{ deploy: { resources: { limits: { memory: '9000000', pids: 9 } } } }, 'S22 limits: no limit of cpus'],
  [{ deploy: { resources: { limits: { memory: '9000000', cpus: 1 } } } }, 'S22 limits: no limit of pids'],
  [{ deploy: undefined, mem_limit: '9000000', cpus: 1, pids_limit: -1 }, 'S22 limits: no limit of pids'],
  [{ healthcheck: undefined }, 'S22 health: no health check'],
  [{ healthcheck: { test: ['NONE'] } }, 'S22 health: no health check'],
  [{ healthcheck: { ...service.healthcheck, disable: true } }, 'S22 health: no health check'],
  [{ volumes: [{ type: 'bind', source: '/var/run/docker.sock', target: '/x', read_only: true }] }, "S22 mounts: /var/run/docker.sock is the engine's socket"],
  [{ volumes: [{ type: 'bind', source: '/repo', target: '/repo' }] }, 'S22 mounts: /repo of the host is writable at /repo'],
  [{ ports: [{ target: 9092, published: '9092' }] }, 'S13 ports: port 9092 is published on every address:9092'],
  [{ ports: [{ target: 9092, published: '9092', host_ip: '0.0.0.0' }] }, 'S13 ports: port 9092 is published on 0.0.0.0:9092'],
  [{ environment: { CASSANDRA_PASSWORD: 'cassandra' } }, 'S14 secrets: environment.CASSANDRA_PASSWORD holds a value under a name of a secret'],
  [{ environment: { AIRFLOW__CORE__FERNET_KEY: 'short' } }, 'S14 secrets: environment.AIRFLOW__CORE__FERNET_KEY holds a value under a name of a secret'],
  [{ environment: { DATABASE: 'postgresql://airflow:airflow@db/airflow' } }, 'S14 secrets: environment.DATABASE holds an address with a password'],
  [{ environment: { OPTIONS: made } }, 'S14 secrets: environment.OPTIONS holds a text that looks like a made secret'],
  [{ command: ['start', '--token=hunter2'] }, 'S14 secrets: command holds a password as an argument'],
  [{ healthcheck: { test: ['CMD-SHELL', `cqlsh -u x -e ${made}`] } }, 'S14 secrets: healthcheck.test holds a text that looks like a made secret'],
  [{ build: { args: { NPM_TOKEN: 'abc' } } }, 'S14 secrets: build.args.NPM_TOKEN holds a value under a name of a secret'],
  [{ image: 'cassandra' }, 'S23 image: cassandra moves: its tag is latest'],
  [{ image: 'registry.example:5000/apache/kafka:latest' }, 'S23 image: registry.example:5000/apache/kafka:latest moves: its tag is latest'],
  [{ image: undefined }, 'S23 image: the image is not named'],
]

describe('the lint of the compose file', () => {
  it('finds nothing in a file that keeps the rules', () => {
    assert.deepEqual(findingsOf(), [])
    assert.deepEqual(findingsOf({ image: `cassandra@sha256:${'0'.repeat(64)}`, user: '50000:0', ports: [] }), [])
    assert.deepEqual(findingsOf({ image: 'millrace/app', build: { context: '/repo', dockerfile: 'apps/Dockerfile', args: { APP: 'ingestion' } } }), [])
    assert.deepEqual(findingsOf({ deploy: undefined, mem_limit: '9000000', cpus: 1, pids_limit: 10 }), [])
  })

  for (const [change, found] of planted) {
    it(`finds ${found}`, () => assert.deepEqual(findingsOf(change), [found]))
  }

  it('asks no health of what ends, if somebody waits for its end', () => {
    const services = { once: { ...service, healthcheck: undefined }, app: { ...service, depends_on: { once: { condition: 'service_completed_successfully' } } } }
    assert.deepEqual(lintCompose({ services }), [])
    services.app.depends_on.once.condition = 'service_started'
    assert.deepEqual(lintCompose({ services }).map(({ where }) => where), ['services.once'])
  })

  it('finds a secret that comes from the environment, one in a config, and a file without services', () => {
    assert.deepEqual(findingsOf({}, { secrets: { key: { environment: 'KEY' } } }), ['S14 secrets: is no file'])
    assert.deepEqual(findingsOf({}, { configs: { x: { content: `key=${made}` } } }), ['S14 secrets: holds a text that looks like a made secret'])
    assert.deepEqual(lintCompose({ services: {} }).map(({ rule }) => rule), ['S22 services'])
  })

  it('says what to do, and does not repeat the secret', () => {
    const [finding] = lintCompose(fileWith({ environment: { X: made } }))
    assert.match(describeFinding(finding), /^services\.app: environment\.X holds .* Give the service a file/)
    assert.ok(!JSON.stringify(finding).includes(made))
  })

  it('finds nothing in docker-compose.yml as docker compose renders it', async (t) => {
    if (!await hasCompose()) return t.skip('not run: docker compose v2 is not on this machine')
    assert.deepEqual(lintCompose(await renderCompose()).map(describeFinding), [])
  })
})
