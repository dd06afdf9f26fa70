// The shell examples of README and of all pages beside guide and reference, played; and the lists.
import { testPages } from './pages.ts'

testPages((path) => !/^docs\/(?:guide|reference)\//.test(path))
