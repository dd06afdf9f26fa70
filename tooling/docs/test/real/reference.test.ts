// The shell examples of the reference, played.
import { testPages } from './pages.ts'

testPages((path) => path.startsWith('docs/reference/'))
