#!/usr/bin/env node
// Refuses an old Node in words that it understands, before anything else is loaded.
var major = Number(process.versions.node.split('.')[0])
if (!(major >= 24)) {
  process.stderr.write(
    'dispatchd: this needs Node 24 or newer, but runs on ' + process.version + '.\n',
  )
  process.exitCode = 1
} else {
  void import('../src/main.ts')
}
