import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { fillTemplate, jvmOptions } from './template.mjs'

it('puts each value in its place', () => {
  assert.equal(fillTemplate('port={{port}} {{port}}', { port: 1 }, 'a.conf'), 'port=1 1')
})

it('refuses a place without a value, and a value without a place', () => {
  assert.throws(() => fillTemplate('{{port}}', {}, 'a.conf'), /a\.conf asks for \{\{port\}\}/)
  assert.throws(() => fillTemplate('', { port: 1 }, 'a.conf'), /a\.conf has no place for port/)
})

it('gives each JVM option as one argument', async () => {
  for (const engine of ['kafka', 'cassandra', 'spark']) {
    const folder = fileURLToPath(new URL(`../../${engine}`, import.meta.url))
    assert.ok(readdirSync(folder).includes('pom.xml'))
    const options = await jvmOptions(`${folder}/jvm.options`)
    assert.ok(options.length > 3)
    for (const option of options) assert.match(option, /^-\S+$/)
  }
})
