import { connect } from 'node:http2'

const path = '/spark.connect.SparkConnectService/ReleaseSession'

/** Field number and UTF-8 text, as Protocol Buffers write a short string. */
const field = (number, value) => Buffer.concat([Buffer.from([number << 3 | 2, value.length]), Buffer.from(value)])

/**
 * Calls the Connect server as a client does, with the token: it releases a session that nobody has, which changes nothing
 * and opens no session.
 *
 *     message ReleaseSessionRequest { string session_id = 1; UserContext user_context = 2; … }
 *     message UserContext { string user_id = 1; … }
 */
export const probeSpark = (port, token) => new Promise((resolve, reject) => {
  const client = connect(`http://127.0.0.1:${port}`)
  const fail = (error) => { client.destroy(); reject(error) }
  client.setTimeout(5_000, () => fail(new Error(`port ${port} is silent`)))
  client.on('error', fail)
  const message = Buffer.concat([field(1, '00000000-0000-4000-8000-000000000000'), field(2, field(1, 'launcher'))])
  const call = client.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', authorization: `Bearer ${token}` })
  const judge = (headers) => {
    const status = headers['grpc-status']
    if (status === undefined) return
    if (status === '0') { client.close(); resolve() }
    else fail(new Error(`Spark Connect answers with gRPC status ${status}: ${decodeURIComponent(headers['grpc-message'] ?? '')}`))
  }
  call.on('response', judge)
  call.on('trailers', judge)
  call.on('error', fail)
  call.on('close', () => fail(new Error(`port ${port} closed the call without an answer`)))
  call.resume()
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(message.length, 1)
  call.end(Buffer.concat([frame, message]))
})
