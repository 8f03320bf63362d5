import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { classArchive } from '../prepare/class-archive.mjs'
import { newClusterId } from '../prepare/cluster-id.mjs'
import { fetchJars } from '../prepare/jars.mjs'
import { probeKafka } from '../probes/kafka.mjs'
import { run } from '../process/run.mjs'
import { jvmOptions, writeFromTemplate } from '../prepare/template.mjs'

/** One Kafka broker that is its own controller (KRaft). */
export const kafka = (settings) => {
  const { root, state, jars, java, ports } = settings
  const data = join(state, 'kafka')
  const config = join(data, 'server.properties')
  const logs = join(data, 'log')
  const classpath = join(jars, 'kafka', '*')
  let options, archive

  /** Formatting writes the cluster's id; a folder that has one is left as it is. */
  const format = async () => {
    if (existsSync(join(logs, 'meta.properties'))) return
    const flags = ['-Xmx128m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-cp', classpath]
    const args = [...flags, 'kafka.tools.StorageTool', 'format', '--standalone', '--ignore-formatted', '-t', newClusterId(), '-c', config]
    await run(java, args, { about: `formatting Kafka's folder ${logs}` })
  }

  return {
    name: 'kafka',
    address: `127.0.0.1:${ports.kafka}`,
    ports: [ports.kafka, ports.kafkaController],
    stopWithinMs: 45_000,
    prepare: async () => {
      const stamp = await fetchJars(settings, 'kafka')
      await mkdir(data, { recursive: true, mode: 0o700 })
      await writeFromTemplate(join(root, 'infra/kafka/server.properties'), config, { listenHost: '127.0.0.1', advertisedHost: '127.0.0.1', port: ports.kafka, controllerPort: ports.kafkaController, data: logs })
      options = await jvmOptions(join(root, 'infra/kafka/jvm.options'))
      archive = classArchive(settings, 'kafka', stamp, options)
      await format()
    },
    command: async () => ({ file: java, args: [...options, ...await archive.flags(), '-cp', classpath, 'kafka.Kafka', config], cwd: data }),
    ready: () => probeKafka(ports.kafka),
    ended: () => archive.keep(),
  }
}
