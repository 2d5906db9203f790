// One peer of tests/bench/query_workload_main.cc, which starts it, as a process that takes one JSON object a line and
// answers with one: node peer.mjs ENGINE FOLDER_OF_PACKAGES DATABASE THREADS
//   {"do": "load", "statements": [text, ...]}                         -> {}
//   {"do": "prepare", "text": text, "inputs": [{name: value}, ...]}   -> {}   the question of what follows
//   {"do": "answer", "seconds": limit}                -> {"answers": [[rows, checksum], ...]}, one for each input in time
//   {"do": "measure", "seconds": limit, "calls": n}   -> {"wall_us": [of each call], "cpu_us": of all}
// A failure is {"error": text}. The first line is {"engine": version}, before anything was asked.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { answerOf } from './answer.mjs';

const kPeers = {
  kuzu: { packageName: 'kuzu', module: './graph_engine.mjs' },
  ladybug: { packageName: '@ladybugdb/core', module: './graph_engine.mjs' },
  duckdb: { packageName: '@duckdb/node-api', module: './duckdb_engine.mjs' },
};

const [name, folder, path, threads] = process.argv.slice(2);
const { packageName, module } = kPeers[name];
const require = createRequire(join(folder, 'peers.js'));
const { open } = await import(module);
const engine = await open(require(packageName), path, Number(threads));
const version = JSON.parse(readFileSync(join(folder, 'node_modules', packageName, 'package.json'))).version;

let statement;
let inputs;

/** Calls once with each input, or `calls` times in turn, until `seconds` are over; once at least. */
async function inTime(seconds, calls, call) {
  const stop = performance.now() + seconds * 1000;
  for (let i = 0; i < calls; ++i) {
    await call(inputs[i % inputs.length]);
    if (performance.now() > stop) break;
  }
}

const kCommands = {
  async load({ statements }) {
    for (const one of statements) await engine.run(one);
    return {};
  },
  async prepare(command) {
    statement = await engine.prepare(command.text);
    inputs = command.inputs;
    return {};
  },
  async answer({ seconds }) {
    const answers = [];
    await inTime(seconds, inputs.length, async (input) => answers.push(answerOf(await statement.rows(input))));
    return { answers };
  },
  async measure({ seconds, calls }) {
    const wall = [];
    const cpu = process.cpuUsage();
    await inTime(seconds, calls, async (input) => {
      const begin = performance.now();
      const rows = statement.call(input);
      if (rows instanceof Promise) await rows;
      wall.push((performance.now() - begin) * 1000);
    });
    const { user, system } = process.cpuUsage(cpu);
    return { wall_us: wall, cpu_us: user + system };
  },
};

const reply = (object) => process.stdout.write(JSON.stringify(object) + '\n');

reply({ engine: version });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const command = JSON.parse(line);
    reply(await kCommands[command.do](command));
  } catch (error) {
    reply({ error: String(error.message ?? error) });
  }
}
await engine.close();
