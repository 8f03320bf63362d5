import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dockerAnswer } from './docker.mjs'

/** The official images that our Dockerfiles build on: the defaults of the arguments that a FROM uses. */
export const basesOf = (dockerfile) => {
  const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]))
  return [...dockerfile.matchAll(/^FROM \$\{(\w+)\}/gm)].map(([, name]) => defaults.get(name))
}

/** The official images that the rendered compose file names, or that its builds begin with. */
export const officialImages = async (place) => {
  const { services } = JSON.parse(await dockerAnswer(place, ['compose', '--profile', '*', 'config', '--format', 'json']))
  const named = Object.values(services).filter(({ build }) => build === undefined).map(({ image }) => image)
  const files = new Set(Object.values(services).flatMap(({ build }) => build === undefined ? [] : [build.dockerfile]))
  const bases = await Promise.all([...files].map(async (file) => basesOf(await readFile(join(place.root, file), 'utf8'))))
  return [...new Set([...named, ...bases.flat()])].sort()
}
