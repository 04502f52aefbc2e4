// The reference implementation of JSONata, for script/bench: as jsonata_bench.cc, with the same input and output.
//
//   node reference.js PACKAGE_DIRECTORY CASES_FILE
"use strict";
const fs = require("fs");

const [packages, file] = process.argv.slice(2);
const jsonata = require(packages);

async function secondsOf(expression, input, count) {
  const began = process.hrtime.bigint();
  for (let at = 0; at < count; ++at) await expression.evaluate(input);
  return Number(process.hrtime.bigint() - began) / 1e9;
}

// Doubles the count until a run is long enough to be measured; this also warms the compiler up.
async function countFor(expression, input, seconds) {
  for (let count = 1;; count *= 2) {
    const took = await secondsOf(expression, input, count);
    if (took >= seconds) return Math.max(1, Math.round(count * seconds / took));
  }
}

async function main() {
  const { input, expressions, rounds, seconds } = JSON.parse(fs.readFileSync(file, "utf8"));
  for (const text of expressions) {
    const expression = jsonata(text);
    const result = await expression.evaluate(input);
    const count = await countFor(expression, input, seconds);
    const runs = [];
    for (let round = 0; round < rounds; ++round) runs.push(await secondsOf(expression, input, count) / count);
    console.log(JSON.stringify({ runs, result }));
  }
}

main();
