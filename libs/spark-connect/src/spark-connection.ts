import { createClient, type Client, type Interceptor, type Transport } from '@connectrpc/connect'
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node'
import { SparkConnectService } from '../gen/spark/connect/base_pb.js'

export interface SparkAddress {
  /** Such as `http://127.0.0.1:15002`. */
  readonly url: string
  /** The server's pre-shared token. */
  readonly token: string
}

/** The calls of a Spark Connect server, and the connection that carries them. */
export interface SparkConnection {
  readonly calls: Client<typeof SparkConnectService>
  close(): void
}

/**
 * Opens nothing yet: the connection is made with the first call, and made again after it broke.
 * No keep-alive pings: the server answers a client that pings more often than every five minutes with GOAWAY.
 */
export function sparkConnection({ url, token }: SparkAddress): SparkConnection {
  const sessionManager = new Http2SessionManager(url)
  const transport = createGrpcTransport({ baseUrl: url, sessionManager, interceptors: [bearer(token)], acceptCompression: [] })
  return { calls: sparkCalls(transport), close: () => { sessionManager.abort() } }
}

/** The same calls over another transport, such as one that answers in memory. */
export const sparkCalls = (transport: Transport): Client<typeof SparkConnectService> => createClient(SparkConnectService, transport)

const bearer = (token: string): Interceptor => (next) => async (request) => {
  request.header.set('authorization', `Bearer ${token}`)
  return await next(request)
}
