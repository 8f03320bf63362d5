import assert from 'node:assert/strict'
import { it } from 'node:test'
import { readFile } from 'node:fs/promises'
import yaml from 'yaml'
import { handouts } from './handouts.mjs'

const workspace = new URL('../../../', import.meta.url)
const read = (path) => readFile(new URL(path, workspace), 'utf8')
const { services, volumes } = yaml.parse(await read('docker-compose.yml'), { merge: true })
const names = Object.keys(handouts).sort()

it('mounts a volume for each service that gets something, and for no other', () => {
  const mounted = services.prepare.volumes.filter((volume) => volume !== 'vault:/vault')
  assert.deepEqual(mounted.sort(), names.map((name) => `for-${name}:/handout/${name}`).sort())
  assert.deepEqual(Object.keys(volumes).filter((name) => name.startsWith('for-')).sort(), names.map((name) => `for-${name}`).sort())
})

it('gives the volume to its service, read-only, and to nobody else', () => {
  const holders = Object.entries(services).filter(([name]) => name !== 'prepare')
    .flatMap(([name, { volumes: own = [] }]) => own.filter((volume) => String(volume).startsWith('for-')).map((volume) => [name, volume]))
  for (const [holder, volume] of holders) {
    const name = /^for-([\w-]+):\/run\/millrace:ro$/.exec(volume)?.[1]
    assert.ok(name === holder || (name === 'airflow' && holder.startsWith('airflow-')), `${holder} has ${volume}`)
  }
  assert.deepEqual([...new Set(holders.map(([, volume]) => /^for-([\w-]+)/.exec(volume)[1]))].sort(), names)
})

it('keeps the vault from everybody but prepare', () => {
  const holders = Object.entries(services).filter(([, { volumes: own = [] }]) => own.some((volume) => String(volume).startsWith('vault:')))
  assert.deepEqual(holders.map(([name]) => name), ['prepare'])
})

it('has a folder of the right owner for each volume in the image of prepare', async () => {
  const made = /mkdir -m 0750 ([\w -]+)/.exec(await read('apps/Dockerfile'))[1].trim().split(/\s+/)
  assert.deepEqual(made.sort(), names)
})
