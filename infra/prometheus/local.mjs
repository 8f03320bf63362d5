import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readFlags } from '../local/line/flags.mjs'
import { readSettings } from '../local/line/settings.mjs'

const usage = `node infra/prometheus/local.mjs [--write]
Runs the prometheus of the PATH for the line that npm start has begun, with the rules of the containers, on
http://127.0.0.1:19090 (and the port offset); its data lie in the state folder. --write only writes its files.`

const here = fileURLToPath(new URL('.', import.meta.url))

/** prometheus.yml for workers on this machine instead of in containers: only the addresses and the key differ. */
export const localConfig = (text, { ports, state }) => {
  const moved = text
    .replace(/\[([a-z-]+):\d+\]/g, (_, app) => {
      if (ports[app] === undefined) throw new Error(`prometheus.yml reads ${app}, which has no port. Known: ${Object.keys(ports).join(', ')}.`)
      return `['127.0.0.1:${ports[app]}']`
    })
    .replace(/credentials_file: .*/, `credentials_file: ${JSON.stringify(join(state, 'keys', 'read'))}`)
  return `# Made from infra/prometheus/prometheus.yml by local.mjs.\n${moved}`
}

/** Writes the configuration and the rules into the state folder; answers the path of the configuration. */
export const writeLocalFiles = (settings) => {
  const folder = join(settings.state, 'prometheus')
  mkdirSync(join(folder, 'rules'), { recursive: true, mode: 0o700 })
  for (const file of readdirSync(join(here, 'rules'))) copyFileSync(join(here, 'rules', file), join(folder, 'rules', file))
  const config = join(folder, 'prometheus.yml')
  writeFileSync(config, localConfig(readFileSync(join(here, 'prometheus.yml'), 'utf8'), settings))
  chmodSync(config, 0o600)
  return config
}

const runPrometheus = (settings, config) => new Promise((resolve, reject) => {
  const port = 19_090 + settings.ports['query-api'] - 13_000
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${join(settings.state, 'prometheus', 'data')}`, `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn('prometheus', args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => reject(error.code === 'ENOENT' ? new Error("There is no prometheus on the PATH. Debian has it in the package 'prometheus'.") : error))
  child.once('close', (code) => resolve(code ?? 1))
})

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = readFlags(usage, ['--write'])
  const settings = readSettings()
  const config = writeLocalFiles(settings)
  if (flags.has('--write')) console.log(config)
  else process.exitCode = await runPrometheus(settings, config)
}
