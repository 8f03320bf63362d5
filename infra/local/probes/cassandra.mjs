import { exchange } from './exchange.mjs'

const opcode = { error: 0x00, startup: 0x01, ready: 0x02, authenticate: 0x03, query: 0x07, result: 0x08, authResponse: 0x0f, authSuccess: 0x10 }
const short = (value) => Buffer.from([value >> 8, value & 255])
const int = (value) => { const out = Buffer.alloc(4); out.writeInt32BE(value); return out }
const string = (value) => Buffer.concat([short(Buffer.byteLength(value)), Buffer.from(value)])
const bytes = (value) => Buffer.concat([int(value.length), value])

/** `SELECT key FROM system.local` at consistency ONE, no flags. */
const query = (() => {
  const text = Buffer.from('SELECT key FROM system.local')
  return Buffer.concat([int(text.length), text, short(1), Buffer.from([0])])
})()

/**
 * Frames of the native protocol, version 4: version, flags, stream (2), opcode, length (4), body.
 */
const call = async (send, receive, code, body) => {
  send(Buffer.concat([Buffer.from([0x04, 0, 0, 1, code]), int(body.length), body]))
  const head = await receive(9)
  const answer = await receive(head.readInt32BE(5))
  if (head[4] !== opcode.error) return { code: head[4], body: answer }
  throw new Error(`Cassandra answers: ${answer.subarray(6, 6 + answer.readUInt16BE(4)).toString()}`)
}

const logInAndAsk = (port, { user, password }) => exchange(port, async (send, receive) => {
  const options = Buffer.concat([short(1), string('CQL_VERSION'), string('3.0.0')])
  const hello = await call(send, receive, opcode.startup, options)
  if (hello.code === opcode.authenticate) await call(send, receive, opcode.authResponse, bytes(Buffer.from(`\0${user}\0${password}`)))
  const { code } = await call(send, receive, opcode.query, query)
  if (code !== opcode.result) throw new Error(`Cassandra answers a query with opcode ${code}`)
})

/** Logs in and runs a query, with the first credentials that work: an open port alone does not mean that a query is answered. */
export const probeCassandra = async (port, credentials) => {
  const refusals = []
  for (const one of credentials) {
    try {
      return await logInAndAsk(port, one)
    } catch (error) {
      refusals.push(error)
      if (error.code === 'ECONNREFUSED') break
    }
  }
  throw new Error(refusals.map((e) => e.message).join('; '), { cause: refusals.at(-1) })
}
