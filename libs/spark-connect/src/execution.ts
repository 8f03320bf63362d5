import { randomUUID } from 'node:crypto'
import { Code, ConnectError, type Client } from '@connectrpc/connect'
import type { ExecutePlanResponse, Plan, SparkConnectService } from '../gen/spark/connect/base_pb.js'
import { executionReattached, executionNotReleased } from './spark-connect.signals.ts'
import { SparkError } from './spark.errors.ts'
import { sparkError } from './spark-failure.ts'
import { systemCode } from './system-code.ts'

/** What every request carries. */
export interface RequestBase {
  readonly sessionId: string
  readonly userContext: { readonly userId: string }
  readonly clientType: string
  readonly clientObservedServerSideSessionId?: string
}

export interface ExecutionContext {
  readonly calls: Client<typeof SparkConnectService>
  readonly base: () => RequestBase
  /** Told the server's own id of the session with every response. */
  readonly observe: (serverSessionId: string) => void
  /** The longest that a command may take: a start on a busy machine is slow. */
  readonly timeoutMs: number
  /** The longest that a question may take. A server that stands still is noticed after this. */
  readonly readTimeoutMs: number
  readonly wait: (ms: number) => Promise<void>
}

/** Tries to take up a cut stream again before the call is given up: about 10 s in all. */
const mostTries = 6
const firstWaitMs = 100

/**
 * Runs a plan and yields its responses, taking the stream up again where it was cut.
 *
 * The server keeps an operation and its responses apart from the connection: a cut stream is attached again after the
 * last response seen, so that nothing runs twice and nothing is missed. The stream is read to its end even after
 * ResultComplete (leaving earlier makes the server log an error), then the operation is released.
 */
export async function* execute(context: ExecutionContext, plan: Plan, action: string): AsyncGenerator<ExecutePlanResponse> {
  const operation: Operation = { id: randomUUID(), isStarted: false, isComplete: false, lastResponseId: undefined }
  let tries = 0
  try {
    for (;;) {
      try {
        const call = operation.isStarted ? reattach : start
        tries += 1
        for await (const response of leavable((signal) => call(context, operation, plan, signal))) {
          tries = 0
          note(operation, response, context)
          if (response.responseType.case !== 'resultComplete') yield response
        }
        operation.isStarted = true
      } catch (thrown) {
        const next = afterFailure(thrown, operation)
        executionReattached({ action, tries, error: thrown })
        if (next === 'give up' || tries > mostTries) throw thrown
        operation.isStarted = next === 'reattach'
      }
      if (operation.isComplete) return
      if (tries > mostTries) throw new SparkError('spark_unreachable', `${action}: the server ended ${tries} answers in a row without a word; expected ResultComplete.`)
      if (tries > 0) await context.wait(firstWaitMs * 2 ** (tries - 1))
    }
  } catch (thrown) {
    throw sparkError(action, thrown)
  } finally {
    if (operation.isStarted) await release(context, operation, action)
  }
}

/** What the client knows of an operation on the server. */
interface Operation {
  readonly id: string
  /** The server may have it: it is attached to, not started again. */
  isStarted: boolean
  isComplete: boolean
  lastResponseId: string | undefined
}

function note(operation: Operation, { serverSideSessionId, responseId, responseType }: ExecutePlanResponse, { observe }: ExecutionContext): void {
  operation.isStarted = true
  if (serverSideSessionId !== '') observe(serverSideSessionId)
  if (responseId !== '') operation.lastResponseId = responseId
  if (responseType.case === 'resultComplete') operation.isComplete = true
}

const start = ({ calls, base, timeoutMs }: ExecutionContext, { id: operationId }: Operation, plan: Plan, signal: AbortSignal): AsyncIterable<ExecutePlanResponse> =>
  calls.executePlan({ ...base(), operationId, plan, requestOptions: [{ requestOption: { case: 'reattachOptions', value: { reattachable: true } } }] }, { timeoutMs, signal })

const reattach = ({ calls, base, timeoutMs }: ExecutionContext, { id: operationId, lastResponseId }: Operation, _: Plan, signal: AbortSignal): AsyncIterable<ExecutePlanResponse> =>
  calls.reattachExecute({ ...base(), operationId, ...(lastResponseId !== undefined && { lastResponseId }) }, { timeoutMs, signal })

/** The responses of a call that ends when its reader leaves; by itself it would stay open until its time is over. */
async function* leavable<T>(call: (signal: AbortSignal) => AsyncIterable<T>): AsyncGenerator<T, void, void> {
  const left = new AbortController()
  const responses = call(left.signal)[Symbol.asyncIterator]()
  const state = { isOver: false }
  const next = async () => {
    state.isOver = true
    const response = await responses.next()
    state.isOver = response.done === true
    return response
  }
  try {
    for (let response = await next(); response.done !== true; response = await next()) yield response.value
  } finally {
    // The call looks at the signal only when it is asked for more, and then rejects.
    left.abort()
    while (!state.isOver) await next().catch(() => undefined)
  }
}

/**
 * Whether a failed stream can be taken up again. The operation may not have reached the server: then it is started.
 * A stream cut after ResultComplete has brought everything.
 */
function afterFailure(thrown: unknown, { lastResponseId, isComplete }: Operation): 'reattach' | 'start' | 'give up' {
  if (isComplete) return 'reattach'
  const hasResponses = lastResponseId !== undefined
  const { errorClass } = sparkError('', thrown).fields
  const network = systemCode(thrown)
  // Nothing listens there: the operation cannot have begun, and the caller should know at once.
  if (!hasResponses && network === 'ECONNREFUSED') return 'give up'
  if (errorClass === 'INVALID_HANDLE.OPERATION_NOT_FOUND') return hasResponses ? 'give up' : 'start'
  if (errorClass === 'INVALID_CURSOR.DISCONNECTED') return 'reattach'
  if (errorClass !== undefined) return 'give up'
  const { code } = ConnectError.from(thrown)
  return network !== undefined || code === Code.Unavailable || code === Code.Aborted ? 'reattach' : 'give up'
}

/**
 * Runs a command that only reads, over one plain call: cheaper than `execute`, for a poll every second.
 * A cut answer is an error; the next poll asks again.
 */
export async function* ask(context: ExecutionContext, plan: Plan, action: string): AsyncGenerator<ExecutePlanResponse> {
  const { calls, base, readTimeoutMs: timeoutMs } = context
  try {
    for await (const response of calls.executePlan({ ...base(), operationId: randomUUID(), plan }, { timeoutMs })) {
      if (response.serverSideSessionId !== '') context.observe(response.serverSideSessionId)
      yield response
    }
  } catch (thrown) {
    throw sparkError(action, thrown)
  }
}

/** Lets the server forget the operation at once; it would by itself after five minutes, so a failure here costs nothing. */
async function release({ calls, base, readTimeoutMs: timeoutMs }: ExecutionContext, { id: operationId }: Operation, action: string): Promise<void> {
  try {
    await calls.releaseExecute({ ...base(), operationId, release: { case: 'releaseAll', value: {} } }, { timeoutMs })
  } catch (error) {
    executionNotReleased({ action, error })
  }
}
