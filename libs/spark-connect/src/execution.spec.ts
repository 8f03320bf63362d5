import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { Code, ConnectError, createRouterTransport } from '@connectrpc/connect'
import { describe, expect, it } from '@jest/globals'
import { PlanSchema, SparkConnectService, type ExecutePlanResponseSchema } from '../gen/spark/connect/base_pb.js'
import { ErrorInfoSchema } from '../gen/google/rpc/error_details_pb.js'
import { execute, type ExecutionContext } from './execution.ts'
import { sparkCalls } from './spark-connection.ts'

type Response = MessageInitShape<typeof ExecutePlanResponseSchema>

const response = (responseId: string): Response => ({ responseId, serverSideSessionId: 'server-1', responseType: { case: 'sqlCommandResult', value: {} } })
const complete: Response = { responseId: 'last', responseType: { case: 'resultComplete', value: {} } }
const reset = new ConnectError('read ECONNRESET', Code.Aborted)

function classed(errorClass: string): ConnectError {
  const error = new ConnectError('said by the server', Code.Internal)
  error.details.push({ desc: ErrorInfoSchema, value: { reason: '', metadata: { errorClass } } })
  return error
}

/** A server that answers one stream after the other as the test says: responses, then an error or the end. */
function server(...streams: (Response | ConnectError)[][]) {
  const calls: string[] = []
  const observed: string[] = []
  const waits: number[] = []
  async function* next(): AsyncGenerator<Response> {
    await Promise.resolve()
    for (const step of streams.shift() ?? [new ConnectError('the test has no more answers', Code.Unimplemented)]) {
      if (step instanceof ConnectError) throw step
      yield step
    }
  }
  const transport = createRouterTransport(({ service }) => {
    service(SparkConnectService, {
      executePlan: (request) => { calls.push(request.requestOptions[0]?.requestOption.case === 'reattachOptions' ? 'execute' : 'execute plainly'); return next() },
      reattachExecute: ({ lastResponseId }) => { calls.push(`reattach after ${lastResponseId ?? 'nothing'}`); return next() },
      releaseExecute: () => { calls.push('release'); return {} },
    })
  })
  const context: ExecutionContext = {
    calls: sparkCalls(transport),
    base: () => ({ sessionId: 's', userContext: { userId: 'u' }, clientType: 'spec' }),
    observe: (id) => observed.push(id),
    timeoutMs: 5_000,
    readTimeoutMs: 5_000,
    wait: (ms) => { waits.push(ms); return Promise.resolve() },
  }
  return { context, calls, observed, waits }
}

async function run({ context }: ReturnType<typeof server>): Promise<string[]> {
  const seen: string[] = []
  for await (const { responseId } of execute(context, create(PlanSchema), 'doing')) seen.push(responseId)
  return seen
}

describe('an execution', () => {
  it('yields every response but the last, reads to the end, and is released', async () => {
    const spark = server([response('a'), response('b'), complete])
    expect(await run(spark)).toEqual(['a', 'b'])
    expect(spark.calls).toEqual(['execute', 'release'])
    expect(spark.observed).toEqual(['server-1', 'server-1'])
  })

  it('is taken up after the last response when its stream is cut, and when the server ends it early', async () => {
    const spark = server([response('a'), reset], [response('b')], [response('c'), complete])
    expect(await run(spark)).toEqual(['a', 'b', 'c'])
    expect(spark.calls).toEqual(['execute', 'reattach after a', 'reattach after b', 'release'])
  })

  it('is begun again when the server has never heard of it', async () => {
    const spark = server([reset], [classed('INVALID_HANDLE.OPERATION_NOT_FOUND')], [response('a'), complete])
    expect(await run(spark)).toEqual(['a'])
    expect(spark.calls).toEqual(['execute', 'reattach after nothing', 'execute', 'release'])
  })

  it('is not begun again when a response of it was seen: it may have had its effect', async () => {
    const spark = server([response('a'), reset], [classed('INVALID_HANDLE.OPERATION_NOT_FOUND')])
    await expect(run(spark)).rejects.toMatchObject({ code: 'spark_failed' })
    expect(spark.calls).toEqual(['execute', 'reattach after a', 'release'])
  })

  it('fails at once when the server refuses', async () => {
    const other = server([classed('INVALID_HANDLE.SESSION_CHANGED')])
    await expect(run(other)).rejects.toMatchObject({ code: 'spark_session_changed', message: expect.stringContaining('doing: ') })
  })

  it('has brought everything when only the end of the stream is cut', async () => {
    expect(await run(server([response('a'), complete, reset]))).toEqual(['a'])
  })

  it('is given up after several tries in a row without a response, with growing waits', async () => {
    const spark = server([response('a'), reset], ...Array.from({ length: 7 }, () => [reset]))
    await expect(run(spark)).rejects.toMatchObject({ code: 'spark_unreachable' })
    expect(spark.waits).toEqual([100, 200, 400, 800, 1_600, 3_200])
  })

  it('is given up when the server keeps ending answers without a word', async () => {
    await expect(run(server(...Array.from({ length: 8 }, () => [])))).rejects.toMatchObject({ code: 'spark_unreachable' })
  })
})
