import { spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { works } from './docker.mjs'
import { NotPossible, installMissing } from './packages.mjs'

const startsWithinMs = 60_000
const stopsWithinMs = 60_000

const lastLines = async (file) => (await readFile(file, 'utf8')).trim().split('\n').slice(-5).join('\n')

const isRunning = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/**
 * The place with a daemon that answers: the one that is there, else one of this workspace's own, whose data, socket and log
 * touch no other. No limit of open files is set: a container cannot get more than the machine allows, and would not start.
 */
export const openDaemon = async (place) => {
  if (await works(place, ['version'])) return { place, close: async () => undefined, isOwn: false }
  await installMissing(['dockerd', 'iptables'], place)
  const own = { ...place, env: { ...place.env, DOCKER_HOST: `unix://${place.socket}` } }
  if (await works(own, ['version'])) return { place: own, close: () => closeDaemon(own), isOwn: true }
  for (const folder of [place.data, place.run]) await mkdir(folder, { recursive: true, mode: 0o700 })
  const log = openSync(place.log, 'w', 0o600)
  const args = ['--data-root', place.data, '--exec-root', place.run, '--pidfile', place.pid, '--host', `unix://${place.socket}`]
  const child = spawn('dockerd', args, { env: place.env, stdio: ['ignore', log, log], detached: true })
  let ended
  child.once('error', (error) => { ended = error.message })
  child.once('exit', (code, signal) => { ended = `it ended with ${signal ?? `code ${code}`}` })
  child.unref()
  const deadline = Date.now() + startsWithinMs
  while (!await works(own, ['version'])) {
    if (ended !== undefined || Date.now() > deadline) {
      if (ended === undefined) await closeDaemon(own)
      throw new NotPossible(`No Docker daemon can run here: ${ended ?? 'it does not answer'}.\n${await lastLines(place.log)}`)
    }
    await pause(250)
  }
  return { place: own, close: () => closeDaemon(own), isOwn: true }
}

/** Ends this workspace's own daemon, with its containers; its images and volumes stay. */
export const closeDaemon = async ({ pid: file, short }) => {
  if (!existsSync(file)) return
  const pid = Number(await readFile(file, 'utf8'))
  if (isRunning(pid)) process.kill(pid, 'SIGTERM')
  const deadline = Date.now() + stopsWithinMs
  while (isRunning(pid)) {
    if (Date.now() > deadline) throw new Error(`The Docker daemon (process ${pid}) has not ended after ${stopsWithinMs / 1_000} s.`)
    await pause(200)
  }
  await rm(short, { recursive: true, force: true })
}
