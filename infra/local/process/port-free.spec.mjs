import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { it } from 'node:test'
import { isPortFree, portsFree } from './port-free.mjs'

const listen = async (host) => {
  const server = createServer().listen({ host, port: 0 })
  await once(server, 'listening')
  return { server, port: server.address().port }
}

it('names the process that has a port, and the cure', async (t) => {
  const { server, port } = await listen('127.0.0.1')
  t.after(() => server.close())
  await assert.rejects(portsFree('kafka', [port], 0), (error) => error.message.includes(`process ${process.pid}`) && error.message.includes(`port ${port}`) && error.message.includes('MILLRACE_PORT_OFFSET'))
})

it('waits for a port that becomes free', async () => {
  const { server, port } = await listen('127.0.0.1')
  const waiting = portsFree('kafka', [port], 10_000)
  server.close()
  await waiting
  assert.equal(await isPortFree(port), true)
})

it('sees a server that listens on every address', async (t) => {
  const { server, port } = await listen('0.0.0.0')
  t.after(() => server.close())
  assert.equal(await isPortFree(port), false)
})
