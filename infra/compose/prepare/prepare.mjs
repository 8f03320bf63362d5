import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readKey, makeSecrets, readSecret } from '../../local/prepare/secrets.mjs'
import { handOut } from './hand-out.mjs'
import { handouts } from './handouts.mjs'

const state = '/vault/millrace'
const usage = `docker compose run --rm prepare [show <name>]
  without arguments  makes the secrets that are not there, and hands each service its settings and secrets
  show <name>        prints one: a key (trigger, control, read, admin) or a secret (such as airflow-admin-password)`

/** The texts of one service's files. */
const textsOf = async (files) => Object.fromEntries(await Promise.all(Object.entries(files).map(async ([name, make]) => [name, await make({ state })])))

const prepare = async () => {
  await makeSecrets(state)
  const folders = await readdir('/handout')
  const missing = Object.keys(handouts).filter((service) => !folders.includes(service))
  if (missing.length > 0) throw new Error(`There is no folder /handout/<service> for ${missing.join(', ')}: docker-compose.yml mounts a volume for each.`)
  for (const [service, files] of Object.entries(handouts)) {
    const changed = await handOut(join('/handout', service), await textsOf(files))
    console.log(`${service}: ${changed.length === 0 ? 'as before' : changed.join(', ')}`)
  }
}

const show = async (name) => {
  await makeSecrets(state)
  const keys = await readdir(join(state, 'keys'))
  const secrets = await readdir(join(state, 'secrets'))
  if (keys.includes(name)) console.log(await readKey(state, name))
  else if (secrets.includes(name)) console.log(await readSecret(state, name))
  else throw new Error(`There is no '${name}'; there are the keys ${keys.join(', ')} and the secrets ${secrets.join(', ')}.`)
}

const main = async ([command, name, ...rest]) => {
  if (command === undefined) return prepare()
  if (command === 'show' && name !== undefined && rest.length === 0) return show(name)
  throw new Error(usage)
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
