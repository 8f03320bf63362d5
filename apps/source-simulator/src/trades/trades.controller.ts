import { OpenRead } from '@millrace/service'
import { Controller, Get, Query, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendAnswer } from '../answers/send-answer.ts'
import { Faults } from '../faults/faults.ts'
import { TradeService, type TradePage } from './trade-service.ts'
import { TradesQueryDto } from './trades.dto.ts'

@Controller('v1/trades')
@OpenRead()
export class TradesController {
  /** Whether the page before was the last: then the next one begins anew. */
  #isAtEnd = true

  constructor(private readonly trades: TradeService, private readonly faults: Faults) {}

  @Get()
  async read(@Query() { after, from, to, offset = 0, limit }: TradesQueryDto, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const faults = this.faults.trades
    const page = from === undefined || to === undefined
      ? this.#readAfter(after, limit)
      : this.trades.readRange({ from: from.getTime(), to: to.getTime(), offset: faults.beginOf(offset, offset === 0), limit })
    await sendAnswer(reply, faults.answer({ url: request.url, headers: { 'content-type': 'application/json; charset=utf-8' } }, {
      rows: page.trades, limit, around: JSON.stringify({ ...page, trades: [] }),
      note: (rows) => { this.trades.note(rows) },
    }))
  }

  #readAfter(after: number, limit: number): TradePage {
    const { tape } = this.trades
    const begin = this.faults.trades.beginOf(after, this.#isAtEnd)
    const page = this.trades.read(begin < after ? Math.max(begin, Math.min(after, tape.dropped)) : Math.min(begin, Math.max(after, tape.latest)), limit)
    this.#isAtEnd = page.trades.length < limit
    return page
  }
}
