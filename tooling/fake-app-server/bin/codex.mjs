#!/usr/bin/env node
// Stands in for `codex` where a path to a program is asked for.
import '../src/main.ts'
