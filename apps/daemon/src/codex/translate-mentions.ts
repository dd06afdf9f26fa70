// What an item names beside its text: the tool that was called, the files that were changed. Read off the
// text that `translate-item.ts` makes, so that what was stored before tells it too.
type Said = { type: string; text: string }

const firstWord = (text: string): string | null => /^\S{1,200}/.exec(text)?.[0] ?? null

/** The tool that an item called, or null. */
export const itemToTool = ({ type, text }: Said): string | null => {
  switch (type) {
    case 'commandExecution':
      return 'shell'
    case 'fileChange':
      return 'apply_patch'
    case 'webSearch':
      return 'web_search'
    case 'mcpToolCall':
    case 'dynamicToolCall':
    case 'functionCallOutput':
    case 'collabAgentToolCall':
      return firstWord(text)
    default:
      return null
  }
}

const FILES_MAX = 100

/** The paths that an item changed; Codex writes them absolute. */
export const itemToFiles = ({ type, text }: Said): string[] => {
  if (type !== 'fileChange') return []
  const paths = [...text.matchAll(/^(?:add|delete|update) (\/[^\n]{1,1000})$/gm)]
  return [...new Set(paths.map(([, path = '']) => path))].slice(0, FILES_MAX)
}
