export { loadSchema, type Load, type LoadReport } from './load.js'
export { publishLoad } from './publish-load.js'
