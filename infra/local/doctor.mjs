import { freemem, totalmem } from 'node:os'
import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { needDisk } from './prepare/disk.mjs'
import { javaVersion } from './prepare/java.mjs'
import { findPython, hasUv } from './prepare/python.mjs'
import { hasVenv } from './prepare/venv.mjs'
import { describeHolder, isPortFree } from './process/port-free.mjs'
import { isRunning, portHolder } from './process/processes.mjs'
import { readRunFiles } from './process/run-file.mjs'
import { run } from './process/run.mjs'
import { allServices } from './line/services.mjs'
import { readFlags } from './line/flags.mjs'
import { readSettings } from './line/settings.mjs'

const usage = 'npm run doctor     says what is missing on this machine, and what mends it'
const leastFreeBytes = 5 * 2 ** 30
const leastMemoryBytes = 4 * 2 ** 30

const firstLine = async (command, args, about) => stripVTControlCharacters(await run(command, args, { about })).trim().split('\n')[0]

const availableMemory = () => {
  try {
    return Number(/^MemAvailable:\s+(\d+)/m.exec(readFileSync('/proc/meminfo', 'utf8'))[1]) * 1024
  } catch {
    // No /proc on this system: what Node knows is less exact, since it leaves caches out.
    return freemem()
  }
}

/** Ports that somebody else holds; those of this state folder's own processes are as they should be. */
const takenPorts = async (settings) => {
  const ours = new Set(readRunFiles(settings.run).filter(isRunning).map((record) => record.pid))
  const taken = []
  for (const { name, ports } of allServices(settings)) {
    for (const port of ports) {
      if (await isPortFree(port) || ours.has(portHolder(port)?.pid)) continue
      taken.push(`${name} needs port ${port}, which ${describeHolder(port)} holds. Stop it, or set MILLRACE_PORT_OFFSET`)
    }
  }
  if (taken.length > 0) throw new Error(taken.join('; '))
  return 'free, or ours'
}

/** What Airflow runs on: the packages, or what can install them. */
const lookForPython = async (settings) => {
  if (await hasVenv(settings)) return `Airflow's packages are in ${settings.venvs}`
  const withUv = await hasUv(settings.env)
  return `${await findPython(settings.env, { withUv })}; the packages come with the first start, through uv${withUv ? '' : ', which pip brings'}`
}

/** Each check answers what it found, or fails with the cure; `optional` ones only warn. */
const checks = (settings) => [
  { name: 'Node', check: () => {
    if (Number(process.versions.node.split('.')[0]) < 20) throw new Error(`Node is ${process.versions.node}; 20 or newer is needed to start, the apps bring their own.`)
    return process.versions.node
  } },
  { name: 'JDK', check: () => javaVersion(settings.java) },
  { name: 'Maven', check: () => firstLine('mvn', ['--version'], 'Maven fetches the jars of the engines; on Debian: apt-get install maven') },
  ...(settings.airflow ? [{ name: 'Python', check: () => lookForPython(settings) }] : []),
  { name: 'ports', check: () => takenPorts(settings) },
  { name: 'disk', check: () => { needDisk(settings.state, leastFreeBytes); return 'enough' } },
  { name: 'memory', optional: true, check: () => {
    if (availableMemory() < leastMemoryBytes) throw new Error(`${Math.round(availableMemory() / 2 ** 20)} MB of ${Math.round(totalmem() / 2 ** 20)} MB are available; 4096 MB are needed when everything runs.`)
    return `${Math.round(availableMemory() / 2 ** 20)} MB available`
  } },
]

const main = async () => {
  readFlags(usage, [])
  const settings = readSettings()
  for (const { name, check, optional } of checks(settings)) {
    try {
      console.log(`  ok    ${name.padEnd(8)} ${await check()}`)
    } catch (error) {
      console.log(`  ${optional ? 'warn ' : 'FAIL '} ${name.padEnd(8)} ${error.message.split('\n')[0]}`)
      if (!optional) process.exitCode = 1
    }
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
