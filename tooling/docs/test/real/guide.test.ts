// The shell examples of the guide, played.
import { testPages } from './pages.ts'

testPages((path) => path.startsWith('docs/guide/'))
