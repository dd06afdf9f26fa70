#!/usr/bin/env node
// Refuses an old Node in words that it understands, before anything else is loaded.
var major = Number(process.versions.node.split('.')[0])
if (!(major >= 24)) {
  process.stderr.write(
    'dispatchd: this needs Node 24 or newer, but runs on ' + process.version + '.\n',
  )
  process.exitCode = 1
} else {
  useCompiled(process.env.DISPATCH_HOME || (process.env.HOME && process.env.HOME + '/.dispatch'))
  void import('../src/main.ts')
}

// Node keeps there what it compiled of this program, for the next start. The daemon makes the folder
// (src/lock/compiled.ts). What is wrong with a home is for the program to say.
function useCompiled(home) {
  try {
    if (home && isOurs(home) && isOurs(home + '/compiled'))
      process.getBuiltinModule('node:module').enableCompileCache(home + '/compiled')
  } catch {
    return
  }
}

// A folder, no link to one, of this user and closed to others.
function isOurs(folder) {
  var stat = process.getBuiltinModule('node:fs').lstatSync(folder)
  return stat.isDirectory() && stat.uid === process.getuid() && !(stat.mode & 63)
}
