import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { classArchive } from '../prepare/class-archive.mjs'
import { fetchJars } from '../prepare/jars.mjs'
import { probeSpark } from '../probes/spark.mjs'
import { readSecret } from '../prepare/secrets.mjs'
import { jvmOptions, writeFromTemplate } from '../prepare/template.mjs'

/** A Spark Connect server in local mode; its token goes through the environment, never through the arguments. */
export const spark = (settings) => {
  const { root, state, jars, java, ports, sparkUi, env } = settings
  const data = join(state, 'spark')
  const tmp = join(data, 'tmp')
  const config = join(data, 'spark.conf')
  let options, archive

  return {
    name: 'spark',
    address: `127.0.0.1:${ports.spark}`,
    ports: [ports.spark, ports.sparkDriver, ports.sparkBlockManager, ...(sparkUi ? [ports.sparkUi] : [])],
    stopWithinMs: 45_000,
    prepare: async () => {
      const stamp = await fetchJars(settings, 'spark')
      await mkdir(join(data, 'checkpoints'), { recursive: true, mode: 0o700 })
      const values = { listenHost: '127.0.0.1', port: ports.spark, driverPort: ports.sparkDriver, blockManagerPort: ports.sparkBlockManager, ui: sparkUi, uiPort: ports.sparkUi, data }
      await writeFromTemplate(join(root, 'infra/spark/spark.conf'), config, values)
      options = await jvmOptions(join(root, 'infra/spark/jvm.options'))
      archive = classArchive(settings, 'spark', stamp, options)
    },
    command: async () => {
      // A server that was killed leaves its scratch files; nobody else uses the folder.
      await rm(tmp, { recursive: true, force: true })
      await mkdir(tmp, { recursive: true, mode: 0o700 })
      return {
        file: java,
        args: [
          ...options, ...await archive.flags(), `-Djava.io.tmpdir=${tmp}`,
          `-Dlog4j2.configurationFile=${pathToFileURL(join(root, 'infra/spark/log4j2.properties'))}`,
          '-cp', join(jars, 'spark', '*'), 'org.apache.spark.deploy.SparkSubmit', '--properties-file', config,
          '--class', 'org.apache.spark.sql.connect.service.SparkConnectServer', 'spark-internal',
        ],
        cwd: data,
        env: { ...env, SPARK_LOCAL_IP: '127.0.0.1', SPARK_LOCAL_DIRS: tmp, SPARK_CONNECT_AUTHENTICATE_TOKEN: await readSecret(state, 'spark-connect-token') },
      }
    },
    ready: async () => probeSpark(ports.spark, await readSecret(state, 'spark-connect-token')),
    ended: () => archive.keep(),
  }
}
