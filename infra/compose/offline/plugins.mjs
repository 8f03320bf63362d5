import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from '../../local/process/run.mjs'
import { works } from './docker.mjs'
import { NotPossible } from './packages.mjs'

const wanted = { compose: 'docker-compose', buildx: 'docker-buildx' }
const release = 'trixie'

/**
 * The same sources of packages with another release: only the stanza of the release itself, not the ones of its updates for
 * security, which other releases name differently.
 *
 *     Types: deb
 *     URIs: …
 *     Suites: bookworm bookworm-updates
 */
export const sourcesOf = (text, name) => text.split(/\n\s*\n/)
  .filter((stanza) => /^Suites:/m.test(stanza) && !/^Suites:.*-security/m.test(stanza))
  .map((stanza) => stanza.replace(/^Suites:.*$/m, `Suites: ${name}`))
  .join('\n\n')

const machinesSources = async () => {
  const file = '/etc/apt/sources.list.d/debian.sources'
  if (!existsSync(file)) throw new NotPossible(`Docker's compose and buildx would have to be fetched, and there is no ${file} that says from where.`)
  return sourcesOf(await readFile(file, 'utf8'), release)
}

/**
 * Docker's plugins compose and buildx, where they are not installed: Debian 12 has none, those of Debian 13 are programs
 * without dependencies. They go into this workspace's state folder, and nowhere else.
 */
export const addPlugins = async (place) => {
  const present = await Promise.all(Object.keys(wanted).map((plugin) => works(place, [plugin, 'version'])))
  if (present.every(Boolean)) return place
  const folder = join(place.plugins, 'cli-plugins')
  const own = { ...place, env: { ...place.env, DOCKER_CONFIG: place.plugins } }
  if (Object.values(wanted).every((name) => existsSync(join(folder, name)))) return own
  const work = await mkdtemp(join(tmpdir(), 'millrace-debs-'))
  try {
    for (const path of ['lists/partial', 'archives/partial', 'debs']) await mkdir(join(work, path), { recursive: true })
    await writeFile(join(work, 'debian.sources'), await machinesSources())
    const options = [`Dir::Etc::sourcelist=${work}/debian.sources`, 'Dir::Etc::sourceparts=/dev/null', `Dir::State::lists=${work}/lists`, `Dir::Cache=${work}`, 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option])
    await run('apt-get', [...options, 'update'], { about: `reading Debian ${release}'s lists of packages`, env: place.env })
    await run('apt-get', [...options, 'download', ...Object.values(wanted)], { about: "fetching Docker's plugins", env: place.env, cwd: join(work, 'debs') })
    for (const deb of await readdir(join(work, 'debs'))) await run('dpkg', ['-x', join(work, 'debs', deb), join(work, 'root')], { about: `unpacking ${deb}`, env: place.env })
    await mkdir(folder, { recursive: true })
    for (const name of Object.values(wanted)) await copyFile(join(work, 'root/usr/libexec/docker/cli-plugins', name), join(folder, name))
  } catch (error) {
    throw error instanceof NotPossible ? error : new NotPossible(error.message, { cause: error })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return own
}
