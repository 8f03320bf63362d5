import { readFileSync } from 'node:fs'
import { describeFinding, lintCompose } from './lint-compose.mjs'
import { renderCompose } from './render.mjs'

const usage = `node infra/compose/lint/lint.mjs [<rendered.json>]
Judges docker-compose.yml, all profiles, as docker compose renders it; or a file that it has rendered.`

const [file, ...more] = process.argv.slice(2)
if (more.length > 0 || file?.startsWith('-')) throw new Error(usage)
const findings = lintCompose(file === undefined ? await renderCompose() : JSON.parse(readFileSync(file, 'utf8')))
for (const finding of findings) console.error(describeFinding(finding))
console.log(findings.length === 0 ? 'docker-compose.yml keeps S13, S14 and S22.' : `${findings.length} findings.`)
process.exitCode = findings.length === 0 ? 0 : 1
