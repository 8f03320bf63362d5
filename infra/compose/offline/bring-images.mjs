import { openDaemon } from './daemon.mjs'
import { bringImages } from './images.mjs'
import { placeOf } from './place.mjs'
import { addPlugins } from './plugins.mjs'

const begun = Date.now()
const say = (text) => console.log(`${((Date.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${text}`)

/** A daemon, Docker's plugins, and the images that docker-compose.yml begins with; the daemon is left running, for `docker compose`. */
const main = async () => {
  const { place, isOwn } = await openDaemon(placeOf())
  say(isOwn ? `a daemon of this workspace answers at ${place.env.DOCKER_HOST}` : 'a daemon answers')
  const ready = await addPlugins(place)
  say('compose and buildx are there')
  say(`images: ${await bringImages(ready, say)}`)
  const settings = ['DOCKER_HOST', 'DOCKER_CONFIG'].filter((name) => ready.env[name] !== process.env[name]).map((name) => `${name}=${ready.env[name]}`)
  if (settings.length > 0) console.log(`For docker compose: export ${settings.join(' ')}`)
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
