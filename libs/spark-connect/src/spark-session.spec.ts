import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect'
import { describe, expect, it } from '@jest/globals'
import { SparkConnectService } from '../gen/spark/connect/base_pb.js'
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.js'
import { sql } from './relation.ts'
import { sparkCalls } from './spark-connection.ts'
import { SparkSession } from './spark-session.ts'

function restarted(): ConnectError {
  const error = new ConnectError('restarted', Code.Internal)
  error.details.push({ desc: ErrorInfoSchema, value: { reason: '', metadata: { errorClass: 'INVALID_HANDLE.SESSION_CHANGED' } } })
  return error
}

/** A server that can be exchanged for another, and refuses who still speaks to the old one. */
function twin() {
  const server = { id: 'first', observed: [] as (string | undefined)[] }
  const transport = createRouterTransport(({ service }) => {
    service(SparkConnectService, {
      analyzePlan: ({ clientObservedServerSideSessionId: observed }) => {
        server.observed.push(observed)
        if (observed !== undefined && observed !== server.id) {
          throw restarted()
        }
        return { serverSideSessionId: server.id, result: { case: 'sparkVersion', value: { version: '4.2.0' } } }
      },
      // eslint-disable-next-line @typescript-eslint/require-await
      async *executePlan({ clientObservedServerSideSessionId: observed }) {
        if (observed !== undefined && observed !== server.id) throw restarted()
        yield { serverSideSessionId: server.id, responseId: 'r', responseType: { case: 'resultComplete', value: {} } }
      },
      releaseExecute: () => ({}),
    })
  })
  return { server, session: new SparkSession({ calls: sparkCalls(transport), close: () => undefined }, { name: 'spec' }) }
}

describe('a session', () => {
  it('of the same name is the same to the server, whoever opens it', () => {
    const id = (name: string) => SparkSession.open({ url: 'http://127.0.0.1:1', token: '' }, { name }).sessionId
    expect(id('millrace')).toBe(id('millrace'))
    expect(id('millrace')).not.toBe(id('other'))
    expect(id('millrace')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('fails at once when nothing listens: nothing can have begun', async () => {
    const session = SparkSession.open({ url: 'http://127.0.0.1:1', token: 't' }, { name: 'spec' })
    const startedAt = performance.now()
    const sink = { format: 'kafka', options: {}, outputMode: 'update', queryName: 'q', checkpoint: '/c', trigger: 'once' } as const
    await expect(session.start(sql('SELECT 1'), sink)).rejects.toMatchObject({ code: 'spark_unreachable', retry: 'later' })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    session.close()
  })

  it('notices that the server is another one, says so once, and then belongs to it', async () => {
    const { server, session } = twin()
    expect(await session.version()).toBe('4.2.0')
    server.id = 'second'
    await expect(session.version()).rejects.toMatchObject({ code: 'spark_session_changed', retry: 'now' })
    expect(await session.version()).toBe('4.2.0')
    expect(server.observed).toEqual([undefined, 'first', undefined])
  })

  it('notices it while rows are read, too', async () => {
    const { server, session } = twin()
    const rows = async () => { const all = []; for await (const text of session.texts(sql('SELECT 1'), 'asking')) all.push(text); return all }
    expect(await rows()).toEqual([])
    server.id = 'second'
    await expect(rows()).rejects.toMatchObject({ code: 'spark_session_changed' })
    expect(await rows()).toEqual([])
  })
})
