import { fileURLToPath } from 'node:url'
import { readFlags } from '../../local/line/flags.mjs'
import { leaksIn } from './leaks.mjs'
import { findLooseEnds, plant, readSurfaces, readVault } from './stack.mjs'

const usage = `node infra/compose/canary/canary.mjs [--json] [--planted]
Looks at the line that docker compose has started: whether Docker shows a secret of it anywhere, and whether a container is
root, has a capability, can write to its root, or is reached by others than this machine. Ends with 1 if so.
  --json     prints { secrets, looked, found }: how many secrets were searched for, in which containers, what is wrong;
             ends with 0
  --planted  begins a container that does all of that wrong, to see that it is found, and removes it`

const flags = readFlags(usage, ['--json', '--planted'])
const place = { env: process.env, root: fileURLToPath(new URL('../../..', import.meta.url)) }

const look = async (secrets) => {
  const leaks = leaksIn(await readSurfaces(place), secrets)
  const { looked, found } = await findLooseEnds(place)
  return { secrets: secrets.length, looked, found: [...leaks, ...found] }
}

const lookAtPlanted = async (secrets) => {
  const { remove } = await plant(place, secrets[0].value)
  try {
    return await look(secrets)
  } finally {
    await remove()
  }
}

const main = async () => {
  const secrets = await readVault(place)
  const seen = await (flags.has('--planted') ? lookAtPlanted : look)(secrets)
  if (flags.has('--json')) {
    console.log(JSON.stringify(seen))
    return
  }
  console.log([...seen.found, `${seen.secrets} secrets and ${seen.looked.length} containers were looked at: ${seen.found.length} findings.`].join('\n'))
  process.exitCode = seen.found.length > 0 ? 1 : 0
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 2
})
