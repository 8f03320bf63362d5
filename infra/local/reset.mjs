import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { stopLeftovers } from './process/leftovers.mjs'
import { runningLauncher } from './process/lock.mjs'
import { readFlags } from './line/flags.mjs'
import { readSettings } from './line/settings.mjs'

const usage = `npm run reset [-- --yes] [-- --all]
  --yes  without asking
  --all  the downloads, too: jars and Python packages`

const agreed = async (question) => {
  if (!process.stdin.isTTY) throw new Error(`${question} This needs a yes: npm run reset -- --yes`)
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}

/** Removes the data, the secrets and the logs of a state folder; the jars and the Python packages stay unless `--all`. */
const main = async () => {
  const flags = readFlags(usage, ['--yes', '--all'])
  const settings = readSettings()
  const { state, jars, venvs } = settings
  const all = flags.has('--all')
  const launcher = runningLauncher(settings)
  if (launcher !== undefined) throw new Error(`Millrace runs on ${state} (process ${launcher.pid}). Stop it first: npm run stop.`)
  if (!existsSync(state)) return console.log(`There is nothing at ${state}.`)
  const what = `All data, keys and logs in ${state} will be gone${all ? ', and the jars and Python packages' : ''}.`
  if (!flags.has('--yes') && !await agreed(what)) return console.log('Nothing is changed.')
  await stopLeftovers(settings)
  for (const name of await readdir(state)) {
    const path = join(state, name)
    if (all || ![jars, venvs].includes(resolve(path))) await rm(path, { recursive: true, force: true })
  }
  if (all) for (const folder of [jars, venvs]) await rm(folder, { recursive: true, force: true })
  console.log(`${state} is as new.`)
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
