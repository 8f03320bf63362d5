import { CurrentCaller, OpenRead, RateLimit, RequireScope, type Caller } from '@millrace/service'
import { Body, Controller, Get, Header, HttpCode, Param, Post } from '@nestjs/common'
import { queryViews, type QueryView } from './query-view.ts'
import { RestartBody } from './restart.dto.ts'
import { problem } from './spark-bridge.problems.ts'
import { Supervisor } from './supervise/supervisor.ts'

/** What runs, how far it is, and what an operator can do about it. */
@Controller('v1/queries')
export class QueriesController {
  readonly #restarts = new RateLimit({ count: 10, perMs: 60_000, what: 'restarts' })

  constructor(private readonly supervisor: Supervisor) {}

  @Get()
  @OpenRead()
  list(): { data: QueryView[] } {
    return { data: this.#views().map(({ view }) => view) }
  }

  /** Starts a query again from its checkpoint, or builds a new generation from the start of the topic. Look at the list for how it goes. */
  @Post(':name/restart')
  @HttpCode(202)
  @Header('Location', '/v1/queries')
  @RequireScope('stream:control')
  restart(@Param('name') name: string, @Body() { rebuild = false }: RestartBody, @CurrentCaller() caller: Caller): QueryView {
    const views = this.#views()
    const found = views.find(({ view }) => view.name === name) ?? views.find(({ view, label }) => `${label}.g${view.generation ?? 0}` === name.replace(/@.*$/, '') || label === name)
    if (!found) throw problem('query_unknown', { detail: `There is no such query. There are: ${views.map(({ view }) => view.name).join(', ')}.` })
    this.#restarts.take(caller.id)
    found.stream.restart(found.view.generation ?? 0, { rebuild })
    return found.view
  }

  #views() {
    return this.supervisor.streams.flatMap((stream) => queryViews(stream, this.supervisor.serverFailure).map((view) => ({ stream, label: stream.label, view })))
  }
}
