import { OpenRead } from '@millrace/service'
import { Controller, Get, Header, NotFoundException, Param, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { problem } from '../query-api.problems.ts'
import { QueryRateGuard } from '../query-rate.guard.ts'
import { PageFiles } from './page-files.ts'

/** The page has nothing inline and nothing from elsewhere, and nobody may frame it. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** The live page, which asks this API for all that it shows. */
@Controller()
@OpenRead()
@UseGuards(QueryRateGuard)
export class PageController {
  constructor(private readonly files: PageFiles) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', policy)
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', 'no-cache')
  async index(): Promise<Buffer> {
    const index = await this.files.index()
    if (!index) throw problem('page_not_built', { detail: 'The page was not built here. Build it with npx nx build dashboard.' })
    return index
  }

  /** Their names have a digest of what is in them. */
  @Get('page/:file')
  async file(@Param('file') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const file = await this.files.file(name)
    if (!file) throw new NotFoundException()
    void reply.header('content-type', file.type).header('cache-control', 'private, max-age=31536000, immutable')
    return file.content
  }
}
