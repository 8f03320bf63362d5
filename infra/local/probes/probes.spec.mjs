import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttp2 } from 'node:http2'
import { createServer } from 'node:net'
import { it } from 'node:test'
import { probeCassandra } from './cassandra.mjs'
import { probeKafka } from './kafka.mjs'
import { probeSpark } from './spark.mjs'

const serve = async (t, server) => {
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  t.after(() => server.close())
  return server.address().port
}

/** A server that answers each request with the bytes of the same turn. */
const scripted = (...answers) => createServer((socket) => {
  let turn = 0
  socket.on('data', () => { const answer = answers[turn++]; if (answer) socket.write(Buffer.from(answer, 'hex')) })
  socket.on('error', () => undefined)
})

const metadata = (brokers, controller) => {
  const body = `00000007${brokers}${controller}00000000`
  return `${(body.length / 2).toString(16).padStart(8, '0')}${body}`
}
const oneBroker = `0000000100000001${'0009'}${Buffer.from('127.0.0.1').toString('hex')}00004a94ffff`

it('takes a broker for ready that names itself and a controller', async (t) => {
  await probeKafka(await serve(t, scripted(metadata(oneBroker, '00000001'))))
})

it('does not take a broker for ready that knows no broker, or no controller', async (t) => {
  await assert.rejects(probeKafka(await serve(t, scripted(metadata('00000000', '00000001')))), /not registered yet/)
  await assert.rejects(probeKafka(await serve(t, scripted(metadata(oneBroker, 'ffffffff')))), /not registered yet/)
})

it('does not take an open port for an answer', async (t) => {
  const port = await serve(t, createServer((socket) => socket.destroy()))
  await assert.rejects(probeKafka(port), /hung up/)
  await assert.rejects(probeCassandra(port, [{ user: 'a', password: 'b' }]), /hung up/)
  await assert.rejects(probeSpark(port, 'token'))
})

const frame = (opcode, body = '') => `84000001${opcode}${(body.length / 2).toString(16).padStart(8, '0')}${body}`
const [authenticate, success, result] = [frame('03', '0000'), frame('10', 'ffffffff'), frame('08', '00000001')]
const refused = frame('00', `00000100${'0009'}${Buffer.from('bad login').toString('hex')}`)

it('takes Cassandra for ready when a query is answered', async (t) => {
  await probeCassandra(await serve(t, scripted(authenticate, success, result)), [{ user: 'a', password: 'b' }])
})

it('says what Cassandra complains about when no credentials work', async (t) => {
  const port = await serve(t, scripted(authenticate, refused))
  await assert.rejects(probeCassandra(port, [{ user: 'a', password: 'b' }, { user: 'c', password: 'd' }]), /bad login; .*bad login/)
})

const connectServer = (trailers, seen = []) => createHttp2().on('stream', (stream, headers) => {
  seen.push(headers)
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...trailers }, { endStream: true })
})

it('sends the token and takes Spark for ready when the call succeeds', async (t) => {
  const seen = []
  await probeSpark(await serve(t, connectServer({ 'grpc-status': '0' }, seen)), 'secret')
  assert.equal(seen[0].authorization, 'Bearer secret')
})

it('tells a wrong token from a server that is not up', async (t) => {
  const port = await serve(t, connectServer({ 'grpc-status': '16', 'grpc-message': 'Invalid%20token' }))
  await assert.rejects(probeSpark(port, 'secret'), /status 16: Invalid token/)
})
