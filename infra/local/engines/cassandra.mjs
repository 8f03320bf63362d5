import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { classArchive } from '../prepare/class-archive.mjs'
import { fetchJars } from '../prepare/jars.mjs'
import { probeCassandra } from '../probes/cassandra.mjs'
import { readSecret } from '../prepare/secrets.mjs'
import { jvmOptions, writeFromTemplate } from '../prepare/template.mjs'
import { removeEmptySegments } from './empty-segments.mjs'

const agent = 'jamm-0.4.0.jar'

/** One Cassandra node with password roles and no JMX port. */
export const cassandra = (settings) => {
  const { root, state, jars, java, ports } = settings
  const data = join(state, 'cassandra')
  const config = join(data, 'cassandra.yaml')
  let options, archive

  return {
    name: 'cassandra',
    address: `127.0.0.1:${ports.cassandra}`,
    ports: [ports.cassandra, ports.cassandraStorage],
    stopWithinMs: 45_000,
    prepare: async () => {
      const stamp = await fetchJars(settings, 'cassandra')
      await mkdir(join(data, 'tmp'), { recursive: true, mode: 0o700 })
      await writeFromTemplate(join(root, 'infra/cassandra/cassandra.yaml'), config, { listenHost: '127.0.0.1', advertisedHost: '127.0.0.1', port: ports.cassandra, storagePort: ports.cassandraStorage, data })
      options = await jvmOptions(join(root, 'infra/cassandra/jvm.options'))
      archive = classArchive(settings, 'cassandra', stamp, options)
    },
    command: async ({ say }) => {
      const removed = await removeEmptySegments(join(data, 'commitlog'))
      if (removed.length > 0) say(`a full disk has left segments of the commit log without a byte in them, over which it does not start; removed: ${removed.join(', ')}`)
      return {
        file: java,
        args: [
          ...options, ...await archive.flags(), '-XX:+UnlockDiagnosticVMOptions', '-XX:+AllowArchivingWithJavaAgent',
          `-javaagent:${join(jars, 'cassandra', agent)}`,
          `-Dcassandra.config=${pathToFileURL(config)}`,
          `-Dcassandra.storagedir=${data}`,
          `-Dlogback.configurationFile=${pathToFileURL(join(root, 'infra/cassandra/logback.xml'))}`,
          `-Djava.io.tmpdir=${join(data, 'tmp')}`, `-Djna.tmpdir=${join(data, 'tmp')}`,
          '-cp', join(jars, 'cassandra', '*'), 'org.apache.cassandra.service.CassandraDaemon',
        ],
        cwd: data,
      }
    },
    ready: async () => probeCassandra(ports.cassandra, [
      { user: 'millrace_admin', password: await readSecret(state, 'cassandra-admin') },
      { user: 'cassandra', password: 'cassandra' },
    ]),
    ended: () => archive.keep(),
  }
}
