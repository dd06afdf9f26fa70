// dispatchd from the sources, with a hand on it: the daemon's own program, in a process whose SQLite
// driver, sockets and children are looked at from outside, and which kills at a point what the plan
// in the folder says. The daemon knows nothing of it.
//   node main.ts PROGRAM FOLDER ROOT run
// PROGRAM: that of the daemon; FOLDER: plan and journal; ROOT: the folder of the world.
import { pathToFileURL } from 'node:url'
import { isServer, processesOf } from '../processes.ts'
import { watchAnswers } from './answer-points.ts'
import { watchSpawns, watchWire } from './codex-points.ts'
import { makePoints } from './points.ts'
import { watchCommits } from './registry-points.ts'

const [program = '', folder = '', root = ''] = process.argv.splice(2, 3)

let servers: number[] = []

// To look through all processes takes 10 ms, in which a server does what it was asked.
const findServers = (): void => {
  servers = processesOf(root, process.pid).flatMap(({ pid, kind }) =>
    kind === 'app-server' ? [pid] : [],
  )
}

const pass = makePoints({
  folder,
  prepare: findServers,
  execute: ({ target }) => {
    if (target !== 'daemon') {
      for (const pid of servers) if (isServer(pid)) process.kill(pid, 'SIGKILL')
    }
    if (target !== 'codex') process.kill(process.pid, 'SIGKILL')
  },
})

watchCommits(pass)
watchWire(pass)
watchSpawns(pass)
watchAnswers(pass)

await import(pathToFileURL(program).href)
