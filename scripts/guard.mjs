// Stops a script on a Node that cannot run dispatch. Old syntax on purpose: it must parse on any Node.
var major = Number(process.versions.node.split('.')[0])
if (!(major >= 24)) {
  process.stderr.write(
    'dispatch: this needs Node 24 or newer, but runs on ' +
      process.version +
      '.\nThe install brings Node 24 on Linux (x64, arm64): run "npx -y pnpm@12.21.0 install" and look at its errors.\n' +
      'On another platform, install Node 24 yourself and run the command again.\n',
  )
  process.exit(1)
}
