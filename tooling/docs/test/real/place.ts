// Where examples are played: a repository that a person stands in, and the programs and words beside
// dispatch that examples and their preparations have.
import { readFileSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { World } from '@dispatch/e2e'
import { codeBlocks, type Document, root } from '../../src/documents.ts'

/** The checkout, as a path. */
export const checkout = fileURLToPath(root).replace(/\/$/, '')

const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  packageManager: string
}

// What `npx` and `pnpm` would fetch is there already. Of jq, which not every machine has, there is the one
// form that examples use; notify-send is there and shows nothing.
const programs = {
  npx: `#!/bin/sh
test "$1 $2" = "-y ${packageManager}" || exit 64
shift 2
exec pnpm "$@"`,
  pnpm: `#!/bin/sh
test "$1" = exec && shift && exec "$@"
cd '${checkout}' && exec node --run "$@"`,
  jq: `#!/usr/bin/env node
const [option, filter] = process.argv.slice(2)
if (option !== '-r') process.exit(64)
const value = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
console.log(filter.match(/\\w+/g).reduce((inner, key) => inner[key], value))`,
  'notify-send': '#!/bin/sh\nexit 0',
}

/** What preparations are written with, beside what examples have; what they print there goes to stderr. */
export const words = `set -e
# Idle lanes of these names.
lane() { for name; do dispatch new --name "$name" --text "Hello." --wait >&2; done; }
# Lanes with a turn that does not end.
busy() { for name; do dispatch new --name "$name" --text "gate: $name" >&2; done; }
# Lets a turn that waits at that gate go on.
opened() { node -e 'fetch(process.argv[1], { method: "POST" })' "$MODEL/gates/$1"; }
# A new lane asks a person, by that message.
asks() {
  made=$(dispatch new --name asker --approval-policy on-request --text "$1")
  dispatch wait "$(echo "$made" | jq -r .ref)" --until approval >&2
}
# The lanes are idle, whatever became of their turns.
idle() { dispatch wait "$@" --timeout 30 >&2 || test $? = 10; }
# The ref of a lane.
ref() { dispatch get "$1" | jq -r .ref; }
# A session of another program, of that message, and the id of the newest one.
session() { codex exec --skip-git-repo-check "$1" >&2 2>&1 </dev/null; }
found() { dispatch list --unmanaged | jq -r '.sessions[0].id'; }
# The configuration of a repository, and of the home, as pages show it.
repository() {
  mkdir -p .dispatch/instructions
  echo "$PRESETS" >.dispatch/config.toml
  echo 'Be strict.' | tee .dispatch/instructions/default.md >.dispatch/instructions/reviewer.md
}
configured() { mkdir -p -m 700 "$DISPATCH_HOME"; echo "$1" >"$DISPATCH_HOME/config.toml"; }
`

/** Makes it; gives the directory to stand in. */
export const makePlace = async (world: World): Promise<string> => {
  for (const [name, text] of Object.entries(programs)) {
    const path = join(world.root, 'bin', name)
    await writeFile(path, text)
    await chmod(path, 0o755)
  }
  const place = join(world.root, 'src', 'relay')
  await mkdir(place, { recursive: true })
  for (const name of ['task.md', 'notes.md', 'goal.md']) {
    await writeFile(join(place, name), 'Look at the README.\n')
  }
  const git = 'git -c user.name=a -c user.email=a@b.c'
  const made = await world.bash(
    `git init -q && git add . && ${git} commit -qm one && echo more >>notes.md`,
    { cwd: place },
  )
  if (made.code !== 0) throw new Error(made.stderr)
  return place
}

/** The TOML that a document shows, block by block. */
export const tomlOf = ({ text }: Document): string[] =>
  codeBlocks(text)
    .filter(({ language }) => language === 'toml')
    .map(({ lines }) => lines.join('\n'))
