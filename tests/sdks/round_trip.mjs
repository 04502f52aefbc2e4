// One round trip with the AWS SDK for JavaScript against the server at the URL that is given; each step's answer is checked by
// tests/sdk_javascript_test.py, to which all of them are written as JSON.
import { createRequire } from "node:module";
import http from "node:http";
import dns from "node:dns";

const require = createRequire(`${process.argv[2]}/`);
const sdk = require("@aws-sdk/client-sfn");
const { NodeHttpHandler } = require("@smithy/node-http-handler");

const port = new URL(process.argv[3]).port;
const hosts = new Set();
// The SDK puts "sync-" before the host of the endpoint, and such a name has to lead here.
const lookup = (host, options, done) => {
  hosts.add(host);
  dns.lookup("127.0.0.1", options, done);
};
const client = new sdk.SFNClient({
  region: "us-east-1",
  endpoint: `http://pawl.test:${port}`,
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({ httpAgent: new http.Agent({ lookup }) }),
});
const call = (operation, input) => client.send(new sdk[`${operation}Command`](input));

async function refused(operation, input) {
  try {
    await call(operation, input);
  } catch (error) {
    const isTyped = error instanceof sdk[error.name] && error instanceof sdk.SFNServiceException;
    return { name: error.name, isTyped, message: error.message, status: error.$metadata.httpStatusCode };
  }
  return { name: "nothing" };
}

async function ended(executionArn) {
  for (;;) {
    const execution = await call("DescribeExecution", { executionArn });
    if (execution.status !== "RUNNING") return execution;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const roleArn = "arn:aws:iam::000000000000:role/test";
const pass = { StartAt: "Hello", States: { Hello: { Type: "Pass", Result: { said: "hello" }, End: true } } };
const create = (name, definition, more = {}) =>
  call("CreateStateMachine", { name, definition: JSON.stringify(definition), roleArn, ...more });

const seen = {};
const machine = await create("from-javascript", pass, { publish: true });
seen.created = machine.creationDate instanceof Date;
const { stateMachineArn } = machine;
const alias = await call("CreateStateMachineAlias", {
  name: "live",
  routingConfiguration: [{ stateMachineVersionArn: machine.stateMachineVersionArn, weight: 100 }],
});
const started = await call("StartExecution", { stateMachineArn: alias.stateMachineAliasArn, input: "{}" });
seen.execution = await ended(started.executionArn);
seen.events = [];
for await (const page of sdk.paginateGetExecutionHistory({ client, pageSize: 3 }, started))
  seen.events.push(...page.events.map((event) => event.type));

await call("TagResource", { resourceArn: stateMachineArn, tags: [{ key: "a", value: "b" }] });
seen.tags = (await call("ListTagsForResource", { resourceArn: stateMachineArn })).tags;

const { activityArn } = await call("CreateActivity", { name: "javascript" });
const work = await create("javascript-work", {
  StartAt: "W",
  States: { W: { Type: "Task", Resource: activityArn, HeartbeatSeconds: 600, End: true } },
});
const working = await call("StartExecution", { stateMachineArn: work.stateMachineArn, input: '{"n":1}' });
const task = await call("GetActivityTask", { activityArn, workerName: "node" });
await call("SendTaskHeartbeat", { taskToken: task.taskToken });
await call("SendTaskSuccess", { taskToken: task.taskToken, output: task.input });
seen.worked = (await ended(working.executionArn)).output;

const quick = await create("javascript-quick", pass, { type: "EXPRESS" });
seen.sync = await call("StartSyncExecution", { stateMachineArn: quick.stateMachineArn, input: "{}" });
seen.tested = await call("TestState", { definition: JSON.stringify(pass.States.Hello), input: "{}" });
seen.validated = (await call("ValidateStateMachineDefinition", { definition: JSON.stringify(pass) })).result;
seen.refusals = [
  await refused("DescribeStateMachine", { stateMachineArn: `${stateMachineArn}x` }),
  await refused("StartExecution", { stateMachineArn, input: "{nope" }),
  await refused("SendTaskSuccess", { taskToken: task.taskToken, output: "{}" }),
  await refused("RedriveExecution", { executionArn: started.executionArn }),
];
await call("DeleteStateMachine", { stateMachineArn });
seen.hosts = [...hosts].sort();
console.log(JSON.stringify(seen));
