import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { dockerAloud } from './offline/docker.mjs'
import { openDaemon } from './offline/daemon.mjs'
import { bringImages } from './offline/images.mjs'
import { NotPossible, notRunCode } from './offline/packages.mjs'
import { placeOf } from './offline/place.mjs'
import { addPlugins } from './offline/plugins.mjs'

/** Integration tests whose engines testcontainers starts, and then the line of docker-compose.yml. */
const suites = ['run-many -t test-containers --parallel=1', 'run e2e:test-compose']

const begun = Date.now()
const say = (text) => console.log(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${text}`)

let stoppedBy
let running

/** What is in hand is ended, and everything that was started with it; then `main` fails, and closes what it has opened. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => { stoppedBy ??= signal; running?.kill('SIGTERM') })

const goOn = () => { if (stoppedBy !== undefined) throw new Error(`The test of the containers was stopped by ${stoppedBy}.`) }

/** A suite through Nx, which writes down what it has counted. */
const runSuite = ({ root, env }, suite) => new Promise((resolve, reject) => {
  const child = spawn(join(root, 'node_modules/.bin/nx'), [...suite.split(' '), '--outputStyle=static'], { cwd: root, env: { ...env, NX_DAEMON: 'false', NX_TUI: 'false' }, stdio: ['ignore', 'inherit', 'inherit'] })
  running = child
  child.once('error', reject)
  child.once('close', (code) => resolve(code === 0))
})

/** docker-compose.yml as it is, brought up and tested; with a daemon of its own where none answers. */
const main = async () => {
  const { place: found, close } = await openDaemon(placeOf())
  try {
    goOn()
    const place = await addPlugins(found)
    goOn()
    const images = await bringImages(place, say)
    goOn()
    say(images === 'official' ? 'the official images are here' : 'no registry can be reached: the images are stand-ins of the same names')
    await dockerAloud(place, ['compose', '--progress', 'quiet', 'build'])
    say('our images are built')
    for (const suite of suites) {
      goOn()
      if (!await runSuite(place, suite)) process.exitCode = 1
    }
    goOn()
    say(`containers: tested on ${images === 'official' ? 'the official images' : 'stand-ins'}`)
  } finally {
    await close()
  }
}

main().catch((error) => {
  if (error instanceof NotPossible) console.log(`containers: not run. ${error.message}`)
  else console.error(error.stack)
  process.exitCode = error instanceof NotPossible ? notRunCode : 1
})
