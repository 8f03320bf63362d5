import { readFile } from 'node:fs/promises'
import { GenericContainer, Wait, getContainerRuntimeClient } from 'testcontainers'
import { parse } from 'yaml'
import { portTable } from '../../local/line/settings-table.mjs'
import { fillTemplate } from '../../local/prepare/template.mjs'
import { handouts } from '../prepare/handouts.mjs'

const workspace = new URL('../../../', import.meta.url)
const read = (path) => readFile(new URL(path, workspace), 'utf8')
const label = 'millrace.tests'
const startWithinMs = 120_000

/** What a container of docker-compose.yml finds under /run/millrace, with what differs for one that is reached from this machine. */
const filesOf = async (name, own) => {
  const made = await Promise.all(Object.entries(handouts[name]).filter(([file]) => !(file in own)).map(async ([file, make]) => [file, await make({})]))
  return Object.entries({ ...Object.fromEntries(made), ...own })
}

/** Kafka tells its clients where it is, so its port in the container is the one that is published. */
const kafka = async ({ kafka: port, kafkaController: controllerPort }) => {
  const settings = fillTemplate(await read('infra/kafka/server.properties'), { listenHost: '0.0.0.0', advertisedHost: '127.0.0.1', port, controllerPort, data: '/var/lib/kafka/data/log' }, 'infra/kafka/server.properties')
  const health = (await read('infra/compose/containers/kafka/health.sh')).replace(String(portTable.kafka.default), String(port))
  return { own: { 'server.properties': settings, 'health.sh': health }, published: { container: port, host: port } }
}

const cassandra = async ({ cassandra: host }) => {
  const port = portTable.cassandra.default
  const settings = fillTemplate(await read('infra/cassandra/cassandra.yaml'), { listenHost: '0.0.0.0', advertisedHost: '127.0.0.1', port, storagePort: portTable.cassandraStorage.default, data: '/var/lib/cassandra' }, 'infra/cassandra/cassandra.yaml')
  return { own: { 'cassandra.yaml': settings }, published: { container: port, host } }
}

const kinds = { kafka, cassandra }

const start = async (name, { image, user, mem_limit: memory }, { ports, owner }) => {
  const { own, published } = await kinds[name](ports)
  const files = await filesOf(name, own)
  return new GenericContainer(image)
    .withLabels({ [label]: owner })
    .withUser(user)
    .withDroppedCapabilities('ALL')
    .withSecurityOpt('no-new-privileges:true')
    .withResourcesQuota({ memory: Number.parseFloat(memory) / (memory.endsWith('m') ? 1024 : 1) })
    .withEntrypoint(['/bin/bash', '/run/millrace/start.sh'])
    .withCopyContentToContainer(files.map(([file, content]) => ({ content, target: `/run/millrace/${file}`, mode: 0o644 })))
    .withExposedPorts(published)
    .withHealthCheck({ test: ['CMD', '/bin/bash', '/run/millrace/health.sh'], interval: 1_000, timeout: 5_000, retries: 120, startPeriod: startWithinMs })
    .withWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(startWithinMs)
    .start()
}

/** Whether a Docker daemon answers, as testcontainers looks for one. */
export const hasDaemon = () => getContainerRuntimeClient().then(() => true, () => false)

/** Removes what a run that was ended in the middle has left. */
const removeLeftovers = async (owner) => {
  const { container } = await getContainerRuntimeClient()
  const left = await container.dockerode.listContainers({ all: true, filters: { label: [`${label}=${owner}`] } })
  for (const { Id: id } of left) await container.dockerode.getContainer(id).remove({ force: true, v: true })
}

/**
 * Starts the named engines, of Kafka and Cassandra, as containers of the images that docker-compose.yml names, with the settings that the launcher
 * and the compose file use, published on this machine's ports. Answers a function that stops them.
 */
export const startEngineContainers = async ({ ports, state: owner }, names) => {
  const { services } = parse(await read('docker-compose.yml'), { merge: true })
  await removeLeftovers(owner)
  const started = await Promise.allSettled(names.map((name) => start(name, services[name], { ports, owner })))
  const stop = () => Promise.all(started.filter(({ status }) => status === 'fulfilled').map(({ value }) => value.stop()))
  const failure = started.find(({ status }) => status === 'rejected')
  if (failure === undefined) return stop
  await stop()
  await removeLeftovers(owner)
  throw failure.reason
}
