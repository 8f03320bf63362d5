import { readFile, writeFile } from 'node:fs/promises'
import { askWith, firstWindows } from '../../local/line/readable.mjs'

const queryApi = process.env.MILLRACE_QUERY_API_URL
const shown = `http://127.0.0.1:${process.env.MILLRACE_PUBLISHED_PORT}`
const withinMs = 15 * 60_000

const main = async () => {
  const key = (await readFile('/run/millrace/read', 'utf8')).trim()
  const windows = await firstWindows({ queryApi, sparkBridge: process.env.MILLRACE_SPARK_BRIDGE_URL, ask: askWith(key), say: (text) => console.log(text), withinMs })
  for (const { path, row } of windows) console.log(`curl ${shown}${path}\n${JSON.stringify(row)}`)
  await writeFile('/tmp/ready', '')
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
