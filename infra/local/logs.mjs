import { closeSync, existsSync, openSync, readSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines } from './process/log-file.mjs'
import { readFlags } from './line/flags.mjs'
import { readSettings } from './line/settings.mjs'

const usage = 'npm run logs [-- <name>…] [-- -f] [-- -n <lines>]'
const lookEveryMs = 250

const readArguments = (args) => {
  const options = { names: [], follow: false, lines: undefined }
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-f' || args[i] === '--follow') options.follow = true
    else if (args[i] === '-n') options.lines = Number(args[++i])
    else if (args[i].startsWith('-')) readFlags(usage, [], [args[i]])
    else options.names.push(args[i])
  }
  if (options.lines !== undefined && !(options.lines > 0)) throw new Error(`-n takes a number of lines. ${usage}`)
  return options
}

/** Prints what is appended to a log, from now on; a log that was cut begins again at its start. */
const follow = (file, print) => {
  let at = statSync(file).size
  let rest = ''
  const look = () => {
    const { size } = statSync(file)
    if (size < at) at = 0
    if (size === at) return
    const fd = openSync(file, 'r')
    const bytes = Buffer.alloc(Math.min(size - at, 1024 * 1024))
    at += readSync(fd, bytes, 0, bytes.length, at)
    closeSync(fd)
    const lines = (rest + bytes.toString('utf8')).split('\n')
    rest = lines.pop()
    lines.forEach(print)
  }
  setInterval(look, lookEveryMs)
}

const main = () => {
  // Who has read enough (`| head`) ends it, also while it follows.
  process.stdout.on('error', () => process.exit(0))
  const { logs } = readSettings()
  const options = readArguments(process.argv.slice(2))
  const there = existsSync(logs) ? readdirSync(logs).filter((f) => f.endsWith('.log')).map((f) => f.slice(0, -'.log'.length)) : []
  const unknown = options.names.find((name) => !there.includes(name))
  if (unknown !== undefined || there.length === 0) throw new Error(`${unknown === undefined ? 'There are no logs' : `${unknown} has no log`} in ${logs}. There are: ${there.join(', ') || 'none; run npm start'}.`)
  const names = options.names.length > 0 ? options.names : there
  const width = Math.max(...names.map((name) => name.length))
  for (const name of names) {
    const file = join(logs, `${name}.log`)
    const print = (line) => console.log(names.length === 1 ? line : `${name.padEnd(width)} | ${line}`)
    lastLines(file, options.lines ?? (names.length === 1 ? 100 : 10)).forEach(print)
    if (options.follow) follow(file, print)
  }
}

try {
  main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
