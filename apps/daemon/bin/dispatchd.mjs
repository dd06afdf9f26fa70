#!/usr/bin/env node
// Refuses an old Node in words that it understands, before anything else is loaded.
var major = Number(process.versions.node.split('.')[0])
if (!(major >= 24)) {
  process.stderr.write(
    'dispatchd: this needs Node 24 or newer, but runs on ' + process.version + '.\n',
  )
  process.exitCode = 1
} else {
  useCompiled(process.env.DISPATCH_HOME || process.env.HOME + '/.dispatch')
  void import('../src/main.ts')
}

// Node keeps there what it compiled of this program, for the next start. The daemon makes the folder
// (src/lock/compiled.ts); what is not our own and closed to others is not what it made.
function useCompiled(home) {
  var folder = home + '/compiled'
  var stat = process.getBuiltinModule('node:fs').lstatSync(folder, { throwIfNoEntry: false })
  if (stat && stat.isDirectory() && stat.uid === process.getuid() && !(stat.mode & 63))
    process.getBuiltinModule('node:module').enableCompileCache(folder)
}
