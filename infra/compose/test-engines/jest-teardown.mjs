import { stopEngines } from './jest-setup.mjs'

/** Jest's globalTeardown: stops the containers that its globalSetup has started. */
export default stopEngines
