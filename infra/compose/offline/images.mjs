import { docker, works } from './docker.mjs'
import { officialImages } from './image-names.mjs'
import { buildStandIns } from './stand-ins.mjs'

const pullWithinMs = 20 * 60_000

/** Whether the registry answers: one that cannot be reached fails within seconds. */
const canPull = (place, image) => works(place, ['manifest', 'inspect', image], { timeout: 30_000 })

/**
 * Brings the official images here, or builds their stand-ins where no registry can be reached; answers which. Never a mixture: what a test
 * says must hold for all of them.
 */
export const bringImages = async (place, say) => {
  const images = await officialImages(place)
  if (place.env.MILLRACE_COMPOSE_IMAGES !== 'stand-ins' && await canPull(place, images[0])) {
    for (const image of images) await docker(place, ['pull', '--quiet', image], { timeout: pullWithinMs })
    return 'official'
  }
  await buildStandIns(place, images, say)
  return 'stand-ins'
}
