// Compiles one contract for each line of standard input, a JSON object {root, source, contract, settings}, and answers
// with a line: {bytecode, deployedBytecode}, or {errors}.  One process serves many mutants: WebAssembly that has run
// for a while is twice as fast as in a new process, and only the one contract is translated to bytecode.
'use strict'
const fs = require('fs')
const path = require('path')
const readline = require('readline')
const solc = require('solc')

function reader(root) {
  return (name) => {
    const file = path.join(root, name.startsWith('@') ? `node_modules/${name}` : name)
    return fs.existsSync(file) ? { contents: fs.readFileSync(file, 'utf8') } : { error: `File not found: ${name}` }
  }
}

function compile({ root, source, contract, settings }) {
  const sources = { [source]: { content: fs.readFileSync(path.join(root, source), 'utf8') } }
  const wanted = ['evm.bytecode.object', 'evm.deployedBytecode.object']
  const input = {
    language: 'Solidity', sources, settings: { ...settings, outputSelection: { [source]: { [contract]: wanted } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: reader(root) }))
  const errors = (output.errors ?? []).filter((issue) => issue.severity === 'error').map((issue) => issue.formattedMessage)
  if (errors.length) return { errors }
  const { bytecode, deployedBytecode } = output.contracts[source][contract].evm
  return { bytecode: bytecode.object, deployedBytecode: deployedBytecode.object }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  process.stdout.write(JSON.stringify(compile(JSON.parse(line))) + '\n')
})
