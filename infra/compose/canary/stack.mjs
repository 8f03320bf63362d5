import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { looseEnds, openPorts } from './containment.mjs'

const longest = 256 * 2 ** 20

/** Everything that a command of docker prints, of both its streams, and whether it succeeded. */
const ask = ({ env, root }, args) => new Promise((resolve) => {
  execFile('docker', args, { cwd: root, env, maxBuffer: longest }, (error, stdout, stderr) => resolve({ isGood: error === null, stdout, text: `${stdout}${stderr}` }))
})

const answer = async (place, args) => {
  const { isGood, stdout, text } = await ask(place, args)
  if (!isGood) throw new Error(`docker ${args.join(' ')}: ${text.trim().split('\n').slice(-5).join('\n')}`)
  return stdout
}

const lines = (text) => text.split('\n').filter((line) => line !== '')

/** The name of the project and of its images that are built here. */
const modelOf = async (place) => {
  const { name, services } = JSON.parse(await answer(place, ['compose', '--profile', '*', 'config', '--format', 'json']))
  return { project: name, built: [...new Set(Object.values(services).filter(({ build }) => build !== undefined).map(({ image }) => image))] }
}

const containersOf = async (place, project, ...filters) =>
  lines(await answer(place, ['ps', '--all', '--filter', `label=com.docker.compose.project=${project}`, ...filters.flatMap((one) => ['--filter', one]), '--format', '{{.Names}}']))

/** What is secret in the stack: every file of the vault but the hashes. It is read from the volume, past every log. */
export const readVault = async (place) => {
  const { project } = await modelOf(place)
  const folder = await mkdtemp(join(tmpdir(), 'millrace-vault-'))
  try {
    await chmod(folder, 0o700)
    await answer(place, ['cp', `${project}-prepare-1:/vault/millrace`, join(folder, 'vault')])
    const folders = ['secrets', 'keys'].map((name) => join(folder, 'vault', name))
    const files = (await Promise.all(folders.map(async (path) => (await readdir(path)).map((name) => ({ name, path: join(path, name) }))))).flat()
    return await Promise.all(files.filter(({ name }) => name !== 'verify.json').map(async ({ name, path }) => ({ name, value: (await readFile(path, 'utf8')).trim() })))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Every text in which somebody who may talk to Docker could read a secret, but for the volumes: `[{ where, text }]`. */
export const readSurfaces = async (place) => {
  const { project, built } = await modelOf(place)
  const containers = await containersOf(place, project)
  const running = await containersOf(place, project, 'status=running')
  const asked = [
    ['docker compose config', ['compose', '--profile', '*', 'config']],
    ...containers.flatMap((name) => [[`docker inspect ${name}`, ['inspect', name]], [`the log of ${name}`, ['logs', name]]]),
    ...running.map((name) => [`the processes of ${name}`, ['top', name, '-eo', 'pid,args']]),
    ...built.flatMap((image) => [[`docker history ${image}`, ['history', '--no-trunc', image]], [`docker inspect ${image}`, ['image', 'inspect', image]]]),
  ]
  const surfaces = []
  for (const [where, args] of asked) {
    const { isGood, text } = await ask(place, args)
    if (!isGood) throw new Error(`${where} cannot be read: ${text.trim()}`)
    surfaces.push({ where, text })
  }
  return surfaces
}

/** What is wrong with the running containers, as the kernel and Docker tell: one line each. */
export const findLooseEnds = async (place) => {
  const { project } = await modelOf(place)
  const running = await containersOf(place, project, 'status=running')
  if (running.length === 0) throw new Error(`No container of ${project} runs.`)
  const found = []
  for (const name of running) {
    const status = await answer(place, ['exec', name, 'cat', '/proc/1/status'])
    const users = lines(await answer(place, ['top', name, '-eo', 'pid,uid'])).slice(1).map((line) => line.trim().split(/\s+/).at(-1))
    const { text: write } = await ask(place, ['exec', '--user', '0', name, 'touch', '/millrace-canary'])
    const [inspected] = JSON.parse(await answer(place, ['inspect', name]))
    found.push(...[...looseEnds({ status, users, write }), ...openPorts(inspected)].map((what) => `${name}: ${what}`))
  }
  return { looked: running, found }
}

const planted = 'millrace-canary-planted'

/**
 * A container of the stack that does everything that it must not: runs as root, with capabilities and a writable root, and
 * has a secret in its environment, its arguments and its log. What does not find it is blind.
 */
export const plant = async (place, secret) => {
  const { project, built: [image] } = await modelOf(place)
  await ask(place, ['rm', '--force', planted])
  await answer(place, ['run', '--detach', '--name', planted, '--label', `com.docker.compose.project=${project}`, '--user', '0', '--env', `LEAK=${secret}`, '--entrypoint', '/bin/bash', image, '-c', 'echo "$LEAK"; exec -a "$LEAK" sleep 300'])
  const deadline = Date.now() + 20_000
  while (!(await ask(place, ['top', planted, '-eo', 'pid,args'])).text.includes(secret)) {
    if (Date.now() > deadline) throw new Error(`${planted} has not begun to leak.`)
    await pause(100)
  }
  return { name: planted, remove: () => answer(place, ['rm', '--force', '--volumes', planted]) }
}
