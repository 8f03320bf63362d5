import { OpenRead } from '@millrace/service'
import { Controller, Get, Query, Res } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { sendAnswer } from '../answers/send-answer.ts'
import { TradeService } from './trade-service.ts'
import { TradesQueryDto } from './trades.dto.ts'

@Controller('v1/trades')
@OpenRead()
export class TradesController {
  constructor(private readonly trades: TradeService) {}

  @Get()
  async read(@Query() { after, from, to, offset = 0, limit }: TradesQueryDto, @Res() reply: FastifyReply): Promise<void> {
    const page = from === undefined || to === undefined ? this.trades.read(after, limit) : this.trades.readRange({ from: from.getTime(), to: to.getTime(), offset, limit })
    await sendAnswer(reply, {
      status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(page),
      served: () => { this.trades.note(page.trades) },
    })
  }
}
