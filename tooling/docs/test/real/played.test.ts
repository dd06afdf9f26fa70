// The shell examples of README and of all pages beside guide and reference, played.
import { testPages } from './pages.ts'

testPages((path) => !/^docs\/(?:guide|reference)\//.test(path))
