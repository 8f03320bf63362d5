import { openApiDocument } from '@millrace/rest'
import { OpenRead } from '@millrace/service'
import type { Catalogue } from '@millrace/stream-kit'
import { Controller, Get, Header, Inject, NotFoundException, Param, Res, UseGuards } from '@nestjs/common'
import type { FastifyReply } from 'fastify'
import { CATALOGUE } from '../catalogue.provider.ts'
import { isDocsFile, readDocsFile } from './docs-files.ts'
import { docsPage, docsPolicy, docsScript } from './docs-page.ts'
import { QueryRateGuard } from '../query-rate.guard.ts'

/** What the API is: as data at /openapi.json, as a page at /docs. */
@Controller()
@OpenRead()
@UseGuards(QueryRateGuard)
export class DocumentsController {
  readonly #openApi: string

  constructor(@Inject(CATALOGUE) catalogue: Catalogue) {
    this.#openApi = JSON.stringify(openApiDocument(catalogue))
  }

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  openApi(): string {
    return this.#openApi
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', docsPolicy)
  page(): string {
    return docsPage
  }

  @Get('docs/start.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return docsScript
  }

  @Get('docs/:file')
  async file(@Param('file') name: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    if (!isDocsFile(name)) throw new NotFoundException()
    const { type, content } = await readDocsFile(name)
    void reply.header('content-type', type).header('cache-control', 'private, max-age=3600')
    return content
  }
}
