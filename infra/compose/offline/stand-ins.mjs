import { cp, copyFile, mkdir, readdir, realpath, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fetchJars } from '../../local/prepare/jars.mjs'
import { readSettings } from '../../local/line/settings.mjs'
import { run } from '../../local/process/run.mjs'
import { docker, works } from './docker.mjs'
import { NotPossible, installMissing } from './packages.mjs'

const debian = 'millrace-stand-in/debian'
const release = 'bookworm'

const folderOf = ({ root }) => join(root, 'infra/compose/offline/stand-ins')

/** Builds one image; its context is a folder, of which the Dockerfile takes what it needs. */
const build = (place, tag, dockerfile, context) =>
  docker(place, ['buildx', 'build', '--load', '--quiet', '--tag', tag, '--file', join(folderOf(place), dockerfile), context], { about: `building the stand-in for ${tag}` })

/** An empty Debian, with this machine's own sources of packages. */
const importDebian = async (place) => {
  if (await works(place, ['image', 'inspect', debian])) return
  await installMissing(['mmdebstrap'], place)
  await mkdir(place.state, { recursive: true })
  const tar = join(place.state, 'debian.tar')
  try {
    await run('mmdebstrap', ['--quiet', '--variant=minbase', '--include=ca-certificates', release, tar], { about: `making a Debian ${release}`, env: place.env })
  } catch (error) {
    throw new NotPossible(error.message, { cause: error })
  }
  await docker(place, ['import', tar, debian], { about: 'importing Debian' })
  await rm(tar)
}

/** The certificates that somebody has added to this machine. */
const withCertificates = async (place) => {
  const context = join(place.state, 'certificates')
  await rm(context, { recursive: true, force: true })
  await mkdir(context, { recursive: true })
  const added = '/usr/local/share/ca-certificates'
  const files = existsSync(added) ? (await readdir(added)).filter((name) => name.endsWith('.crt')) : []
  for (const file of files) await copyFile(join(added, file), join(context, file))
  return context
}

/** The folder of the npm that runs here: its command on the PATH is a link into it. */
const npmFolder = async ({ env }) => {
  const command = env.PATH.split(delimiter).map((folder) => join(folder, 'npm')).find((file) => existsSync(file))
  if (command === undefined) throw new Error('There is no npm on the PATH.')
  return dirname(dirname(await realpath(command)))
}

/** Node as npm has it, and the npm that runs here. */
const withNode = async (place) => {
  const context = join(place.state, 'node')
  await rm(context, { recursive: true, force: true })
  await mkdir(context, { recursive: true })
  await copyFile(join(place.root, 'node_modules/node/bin/node'), join(context, 'node'))
  await cp(await npmFolder(place), join(context, 'npm'), { recursive: true, dereference: true })
  return context
}

const engine = (name, dockerfile) => async (place, tag) => {
  const settings = readSettings(place.env)
  await fetchJars(settings, name)
  await build(place, tag, dockerfile, join(settings.jars, name))
}

/** How the stand-in of each official image is made, by the name without its tag. */
const makers = {
  'apache/airflow': async (place, tag) => build(place, tag, 'airflow.Dockerfile', folderOf(place)),
  'apache/kafka': engine('kafka', 'kafka.Dockerfile'),
  'apache/spark': engine('spark', 'spark.Dockerfile'),
  cassandra: engine('cassandra', 'cassandra.Dockerfile'),
  'prom/prometheus': async (place, tag) => build(place, tag, 'prometheus.Dockerfile', folderOf(place)),
  node: async (place, tag) => build(place, tag, 'node.Dockerfile', await withNode(place)),
}

/** What no package of Debian's has: it is not run on stand-ins, and nothing that is run there needs it. */
const without = new Set(['grafana/grafana'])

/** The name of an image without its tag or digest. */
export const nameOf = (image) => image.replace(/@.*$/, '').replace(/:[^/:]*$/, '')

/**
 * Images with the official names, built from Debian's packages and the jars that the launcher uses: the same users, folders
 * and programs as the official ones have, as far as docker-compose.yml uses them. What is unchanged comes from the cache.
 */
export const buildStandIns = async (place, images, say) => {
  const missing = images.filter((image) => without.has(nameOf(image)))
  const made = images.filter((image) => !missing.includes(image))
  const unknown = made.filter((image) => !(nameOf(image) in makers))
  if (unknown.length > 0) throw new Error(`There is no stand-in for ${unknown.join(', ')}: infra/compose/offline/stand-ins.mjs knows ${Object.keys(makers).join(', ')}.`)
  await importDebian(place)
  say('Debian is there')
  await build(place, 'millrace-stand-in/base', 'base.Dockerfile', await withCertificates(place))
  await build(place, 'millrace-stand-in/java', 'java.Dockerfile', folderOf(place))
  say('Java is there')
  for (const image of missing) say(`${image} has no stand-in`)
  await Promise.all(made.map(async (image) => {
    await makers[nameOf(image)](place, image)
    say(`${image} is a stand-in`)
  }))
}
