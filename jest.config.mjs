import { fileURLToPath } from 'node:url'
import { swc } from './tools/swc.mjs'

/** What is printed, and what `npm test` sums up. */
export const reporters = (target) => ['default', [fileURLToPath(new URL('tools/count-tests.mjs', import.meta.url)), { target }]]

/** Unit tests of every project; Nx passes `--rootDir`. Tests that need an engine are `*.int.spec.ts`, see jest.int.config.mjs. */
export default {
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$'],
  transform: { '\\.tsx?$': ['@swc/jest', swc] },
  reporters: reporters('test'),
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
}
