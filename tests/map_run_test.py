"""Distributed maps from bucket to bucket: items are read, children run as executions, results are written, and the run
can be described, changed and found again after kill -9."""
import gzip
import hashlib
import hmac
import http.server
import json
import threading
import urllib.parse

import pytest
from harness import ServiceError, eventually, running_server

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
WAIT = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 3600, "End": True}}}


def distributed(processor=PASS, **fields):
    config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    state = {"Type": "Map", "Label": "sheets", "ItemProcessor": {**config, **processor}, "End": True, **fields}
    return {"StartAt": "M", "States": {"M": state}}


def reader(bucket, key, **config):
    return {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config, "Parameters": {"Bucket": bucket, "Key": key}}


def writer(bucket, prefix="results", **config):
    made = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket, "Prefix": prefix}}
    return {**made, "WriterConfig": config} if config else made


@pytest.fixture
def server():
    with running_server() as running:
        yield running


def bucket(server, name, files=None):
    directory = server.directory / "data" / "buckets" / name
    directory.mkdir(parents=True, exist_ok=True)
    for key, content in (files or {}).items():
        path = directory / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return directory


def run(server, definition, value=None, name="m"):
    server.create(name, definition)
    return server.ended(server.start_execution(name, value))


def map_run(server, execution):
    runs = server.call("ListMapRuns", executionArn=execution["executionArn"])["mapRuns"]
    assert len(runs) == 1
    return runs[0]["mapRunArn"]


def items_of(server, definition):
    execution = run(server, definition)
    assert execution["status"] == "SUCCEEDED", execution
    return json.loads(execution["output"])


def failure_of(server, definition):
    execution = run(server, definition)
    assert execution["status"] == "FAILED", execution
    return execution["error"], execution["cause"]


def test_a_sheet_goes_through_children_into_a_bucket(server):
    bucket(server, "sales", {"may.csv": "id,name\r\n1,\"Ann, B.\"\r\n2,Cy\r\n"})
    out = bucket(server, "results-here")
    task = {"StartAt": "T", "States": {"T": {"Type": "Choice", "Default": "Good", "Choices": [
        {"Variable": "$.id", "StringEquals": "2", "Next": "Bad"}]},
        "Good": {"Type": "Pass", "OutputPath": "$.name", "End": True}, "Bad": {"Type": "Fail", "Error": "Two", "Cause": "no"}}}
    execution = run(server, distributed(
        task, ItemReader=reader("sales", "may.csv", InputType="CSV", CSVHeaderLocation="FIRST_ROW"),
        ResultWriter=writer("results-here", "a/b"), ToleratedFailureCount=1, MaxConcurrency=1))
    assert execution["status"] == "SUCCEEDED", execution
    run_arn = map_run(server, execution)
    run_id = run_arn.split(":")[-1]
    assert json.loads(execution["output"]) == {
        "MapRunArn": run_arn, "ResultWriterDetails": {"Bucket": "results-here", "Key": f"a/b/{run_id}/manifest.json"}}

    manifest = json.loads((out / "a" / "b" / run_id / "manifest.json").read_text())
    assert manifest["DestinationBucket"] == "results-here" and manifest["MapRunArn"] == run_arn
    files = manifest["ResultFiles"]
    assert [file["Key"] for file in files["SUCCEEDED"]] == [f"a/b/{run_id}/SUCCEEDED_0.json"]
    assert files["PENDING"] == []
    good, bad = (json.loads((out / files[kind][0]["Key"]).read_text()) for kind in ("SUCCEEDED", "FAILED"))
    assert files["FAILED"][0]["Size"] == (out / files["FAILED"][0]["Key"]).stat().st_size
    assert [child["Output"] for child in good] == ['"Ann, B."']
    assert json.loads(good[0]["Input"]) == {"id": "1", "name": "Ann, B."}
    assert (bad[0]["Error"], bad[0]["Cause"], bad[0]["Status"]) == ("Two", "no", "FAILED")

    described = server.call("DescribeMapRun", mapRunArn=run_arn)
    counts = {"pending": 0, "running": 0, "succeeded": 1, "failed": 1, "timedOut": 0, "aborted": 0, "total": 2, "resultsWritten": 2}
    assert described["itemCounts"] == described["executionCounts"] == counts
    assert described["status"] == "SUCCEEDED" and described["executionArn"] == execution["executionArn"]
    assert (described["maxConcurrency"], described["toleratedFailureCount"]) == (1, 1)


def test_children_are_executions(server):
    execution = run(server, distributed(), ["a", "b", "c"])
    run_arn = map_run(server, execution)
    children = server.call("ListExecutions", mapRunArn=run_arn, maxResults=2)
    assert [child["status"] for child in children["executions"]] == ["SUCCEEDED"] * 2
    rest = server.call("ListExecutions", mapRunArn=run_arn, maxResults=2, nextToken=children["nextToken"])
    assert len(rest["executions"]) == 1 and "nextToken" not in rest
    assert server.call("ListExecutions", mapRunArn=run_arn, statusFilter="FAILED")["executions"] == []

    first = server.call("DescribeExecution", executionArn=rest["executions"][0]["executionArn"])
    assert (first["status"], first["input"], first["output"]) == ("SUCCEEDED", '"a"', '"a"')
    assert first["mapRunArn"] == run_arn
    assert first["stateMachineArn"] == run_arn.rsplit(":", 1)[0].replace(":mapRun:", ":stateMachine:")
    machine = server.call("DescribeStateMachineForExecution", executionArn=first["executionArn"])
    assert (machine["mapRunArn"], machine["label"]) == (run_arn, run_arn.split("/")[1].split(":")[0])
    assert machine["stateMachineArn"] == first["stateMachineArn"]
    assert json.loads(machine["definition"]) == distributed()["States"]["M"]["ItemProcessor"]
    events = server.events(first["executionArn"])
    assert [(event["id"], event["previousEventId"], event["type"]) for event in events] == [
        (1, 0, "ExecutionStarted"), (2, 0, "PassStateEntered"), (3, 2, "PassStateExited"), (4, 3, "ExecutionSucceeded")]
    with pytest.raises(ServiceError) as refused:
        server.call("DescribeExecution", executionArn=first["executionArn"][:-1] + "7")
    assert refused.value.code.endswith("ExecutionDoesNotExist")


def test_children_see_themselves_as_the_execution(server):
    state = {"Type": "Pass", "Parameters": {"id.$": "$$.Execution.Id", "input.$": "$$.Execution.Input"}, "End": True}
    execution = run(server, distributed({"StartAt": "P", "States": {"P": state}}), ["a"])
    child = server.call("ListExecutions", mapRunArn=map_run(server, execution))["executions"][0]
    assert json.loads(execution["output"]) == [{"id": child["executionArn"], "input": "a"}]


def test_a_run_that_is_under_way_can_be_changed(server):
    server.create("m", distributed(WAIT, MaxConcurrency=1))
    arn = server.start_execution("m", [1, 2, 3])
    run_arn = eventually(lambda: server.call("ListMapRuns", executionArn=arn)["mapRuns"], "the run begins")[0]["mapRunArn"]
    described = server.call("DescribeMapRun", mapRunArn=run_arn)
    assert described["status"] == "RUNNING"
    assert (described["executionCounts"]["running"], described["executionCounts"]["pending"]) == (1, 2)

    assert server.call("UpdateMapRun", mapRunArn=run_arn, maxConcurrency=2, toleratedFailurePercentage=50.5) == {}
    server.kill()
    server.start()
    described = server.call("DescribeMapRun", mapRunArn=run_arn)
    assert (described["maxConcurrency"], described["toleratedFailurePercentage"]) == (2, 50.5)
    assert described["executionCounts"]["running"] == 2
    server.call("StopExecution", executionArn=arn)
    described = server.call("DescribeMapRun", mapRunArn=run_arn)
    assert described["status"] == "ABORTED" and described["executionCounts"]["aborted"] == 2
    with pytest.raises(ServiceError) as refused:
        server.call("UpdateMapRun", mapRunArn=run_arn, maxConcurrency=3)
    assert refused.value.code.endswith("ValidationException")
    with pytest.raises(ServiceError) as refused:
        server.call("DescribeMapRun", mapRunArn=run_arn[:-1] + "f")
    assert refused.value.code.endswith("ResourceNotFound")


def test_what_was_not_begun_is_pending_when_a_run_fails(server):
    out = bucket(server, "results-here")
    fail = {"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "E"}}}
    execution = run(server, distributed(fail, MaxConcurrency=1, ResultWriter=writer("results-here", "")), ["a", "b", "c"])
    assert execution["error"] == "States.ExceedToleratedFailureThreshold"
    folder = next(out.iterdir())
    assert [child["Input"] for child in json.loads((folder / "PENDING_0.json").read_text())] == ['"b"', '"c"']
    assert not (folder / "SUCCEEDED_0.json").exists()
    assert server.call("DescribeMapRun", mapRunArn=map_run(server, execution))["status"] == "FAILED"


def test_a_redrive_reads_what_could_not_be_read(server):
    server.create("m", distributed(ItemReader=reader("sales", "k", InputType="JSON")))
    arn = server.start_execution("m")
    assert server.ended(arn)["error"] == "States.ItemReaderFailed"
    bucket(server, "sales", {"k": "[1, 2]"})
    server.call("RedriveExecution", executionArn=arn)
    execution = server.ended(arn)
    assert (execution["status"], execution["output"]) == ("SUCCEEDED", "[1,2]")
    described = server.call("DescribeMapRun", mapRunArn=map_run(server, execution))
    assert (described["status"], described["redriveCount"]) == ("SUCCEEDED", 1)


def sheet(rows):
    return "id,text\n" + "".join(f"{row},the text of row {row}\n" for row in range(rows))


def read_in_batches(processor, **fields):
    return distributed(
        processor, ItemReader=reader("sales", "big.csv", InputType="CSV", CSVHeaderLocation="FIRST_ROW"),
        ItemBatcher={"MaxItemsPerBatch": 700}, MaxConcurrency=40, ResultWriter=writer("results-here"), **fields)


def results(out, execution):
    """The children whose results the manifest names."""
    manifest = json.loads((out / json.loads(execution["output"])["ResultWriterDetails"]["Key"]).read_text())
    assert manifest["ResultFiles"]["FAILED"] == manifest["ResultFiles"]["PENDING"] == []
    return [child for file in manifest["ResultFiles"]["SUCCEEDED"] for child in json.loads((out / file["Key"]).read_text())]


def test_a_large_sheet_is_read_on_after_every_kill(server):
    rows = 120_000
    bucket(server, "sales", {"big.csv": sheet(rows)})
    out = bucket(server, "results-here")
    server.create("m", read_in_batches({"StartAt": "P", "States": {
        "P": {"Type": "Pass", "Parameters": {"n.$": "States.ArrayLength($.Items)"}, "Next": "W"},
        "W": {"Type": "Wait", "Seconds": 1, "End": True}}}))
    arn = server.start_execution("m")
    kills = 0
    while server.call("DescribeExecution", executionArn=arn)["status"] == "RUNNING":
        runs = server.call("ListMapRuns", executionArn=arn)["mapRuns"]
        done = server.call("DescribeMapRun", mapRunArn=runs[0]["mapRunArn"])["itemCounts"]["succeeded"] if runs else 0
        if kills < 3 and done > kills * rows // 4:
            server.kill()
            server.start()
            kills += 1
    execution = server.ended(arn)
    assert execution["status"] == "SUCCEEDED", execution
    assert kills == 3
    children = results(out, execution)
    ids = [int(item["id"]) for child in children for item in json.loads(child["Input"])["Items"]]
    assert sorted(ids) == list(range(rows))
    assert sum(json.loads(child["Output"])["n"] for child in children) == rows
    assert len({child["Name"] for child in children}) == len(children)
    described = server.call("DescribeMapRun", mapRunArn=map_run(server, execution))
    assert (described["itemCounts"]["succeeded"], described["itemCounts"]["total"]) == (rows, rows)
    assert described["executionCounts"]["succeeded"] == described["executionCounts"]["total"] == len(children)


def test_a_sheet_that_has_changed_since_it_was_begun_fails_the_run(server):
    sales = bucket(server, "sales", {"big.csv": sheet(200_000)})
    out = bucket(server, "results-here")
    server.create("m", read_in_batches({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "End": True}}}))
    arn = server.start_execution("m")
    runs = eventually(lambda: server.call("ListMapRuns", executionArn=arn)["mapRuns"], "the run begins")
    eventually(lambda: server.call("DescribeMapRun", mapRunArn=runs[0]["mapRunArn"])["itemCounts"]["total"], "items are read")
    (sales / "big.csv").write_text(sheet(200_000))
    execution = server.ended(arn)
    assert execution["error"] == "States.ItemReaderFailed" and "has been changed" in execution["cause"]
    assert list(out.rglob("FAILED_*.json")), "the children that there were have results"


@pytest.mark.parametrize("config, expected", [
    ({"Transformation": "COMPACT", "OutputType": "JSON"}, ("SUCCEEDED_0.json", "[[1,2],[3]]")),
    ({"Transformation": "FLATTEN", "OutputType": "JSONL"}, ("SUCCEEDED_0.jsonl", "1\n2\n3\n")),
])
def test_results_are_written_as_asked_for(server, config, expected):
    out = bucket(server, "results-here")
    execution = run(server, distributed(ResultWriter=writer("results-here", **config)), [[1, 2], [3]])
    assert execution["status"] == "SUCCEEDED", execution
    folder = next((out / "results").iterdir())
    assert (folder / expected[0]).read_text() == expected[1]


def test_items_are_read_in_every_format(server):
    bucket(server, "sales", {
        "rows.csv": "\ufeffx|y\n1|2|3\n\n4\n", "some.json": "[1, {\"a\": [2]}]", "lines.jsonl": "1\r\n\n{\"a\": 2}\n",
        "inventory/one.csv.gz": gzip.compress(b'"sales","a+b%2Fc.csv","10"\n"sales","d.csv","20"\n'),
        "manifest.json": json.dumps({"destinationBucket": "arn:aws:s3:::sales", "fileFormat": "CSV",
                                     "fileSchema": "Bucket, Key, Size", "files": [{"key": "inventory/one.csv.gz"}]})})

    def read(key, **config):
        read.count += 1
        execution = run(server, distributed(ItemReader=reader("sales", key, **config)), name=f"m{read.count}")
        assert execution["status"] == "SUCCEEDED", execution
        return json.loads(execution["output"])
    read.count = 0

    csv = {"InputType": "CSV", "CSVDelimiter": "PIPE"}
    assert read("rows.csv", CSVHeaderLocation="FIRST_ROW", **csv) == [{"x": "1", "y": "2"}, {"x": "4", "y": ""}]
    assert read("rows.csv", CSVHeaderLocation="GIVEN", CSVHeaders=["a"], MaxItems=2, **csv) == [{"a": "x"}, {"a": "1"}]
    assert read("some.json", InputType="JSON") == [1, {"a": [2]}]
    assert read("lines.jsonl", InputType="JSONL") == [1, {"a": 2}]
    assert read("manifest.json", InputType="MANIFEST") == [
        {"Bucket": "sales", "Key": "a b/c.csv", "Size": "10"}, {"Bucket": "sales", "Key": "d.csv", "Size": "20"}]


def test_the_objects_of_a_bucket_are_items(server):
    bucket(server, "sales", {"in/1": "a", "in/2": "bc", "out/1": "d"})
    listing = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Arguments": {"Bucket": "sales", "Prefix": "{% 'in' & '/' %}"}}
    items = items_of(server, {**distributed(ItemReader=listing), "QueryLanguage": "JSONata"})
    assert [(item["Key"], item["Size"], item["StorageClass"]) for item in items] == [("in/1", 1, "STANDARD"), ("in/2", 2, "STANDARD")]


@pytest.mark.parametrize("files, given, cause", [
    ({}, ("none", "k", {"InputType": "JSON"}), "The specified bucket does not exist"),
    ({}, ("sales", "k", {"InputType": "JSON"}), "The specified key does not exist."),
    ({"k": "{}"}, ("sales", "k", {"InputType": "JSON"}), "Attempting to map over non-iterable node."),
    ({"k": "[1"}, ("sales", "k", {"InputType": "JSON"}), "The object is no valid JSON"),
    ({"k": "1\n{"}, ("sales", "k", {"InputType": "JSONL"}), "Line 2 is no valid JSON"),
    ({"k": "a,a\n1,2"}, ("sales", "k", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}), "CSV headers cannot contain duplicates."),
    ({"k": b"a\n\xff"}, ("sales", "k", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}), "not in UTF-8"),
    ({"k": "x"}, ("sales", "k", {"InputType": "PARQUET"}), "'PARQUET' is not supported yet"),
])
def test_a_run_says_why_its_items_cannot_be_read(server, files, given, cause):
    bucket(server, "sales", files)
    error, said = failure_of(server, distributed(ItemReader=reader(given[0], given[1], **given[2])))
    assert error == "States.ItemReaderFailed" and cause in said


def test_a_task_may_call_s3(server):
    bucket(server, "sales")

    def call(action, **arguments):
        call.count += 1
        task = {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:s3:{action}", "Parameters": arguments, "End": True}
        execution = run(server, {"StartAt": "T", "States": {"T": task}}, name=f"m{call.count}")
        return json.loads(execution["output"]) if execution["status"] == "SUCCEEDED" else (execution["error"], execution["cause"])
    call.count = 0

    put = call("putObject", Bucket="sales", Key="a/b.txt", Body="hello")
    got = call("getObject", Bucket="sales", Key="a/b.txt")
    assert (got["Body"], got["ETag"], got["ContentLength"]) == ('"hello"', put["ETag"], 7)
    assert [item["Key"] for item in call("listObjectsV2", Bucket="sales")["Contents"]] == ["a/b.txt"]
    assert [row["Name"] for row in call("listBuckets")["Buckets"]] == ["sales"]
    assert call("copyObject", Bucket="sales", Key="c", CopySource="sales/a/b.txt")["CopyObjectResult"]["ETag"]
    call("deleteObject", Bucket="sales", Key="a/b.txt")
    error, cause = call("headObject", Bucket="sales", Key="a/b.txt")
    assert error == "S3.NoSuchKeyException" and "Status Code: 404" in cause
    assert call("listObjects", Bucket="none-such")[0] == "S3.NoSuchBucketException"
    assert call("selectObjectContent", Bucket="sales")[0] == "Pawl.UnsupportedAction"


class Store(http.server.BaseHTTPRequestHandler):
    """A store that speaks S3, as much as is asked of it here, and checks every signature."""
    protocol_version = "HTTP/1.1"
    objects, refused, secret = {}, [], b"AWS4secret key"

    def log_message(self, *_):
        pass

    def is_signed(self, body):
        given = self.headers.get("Authorization", "")
        if not given.startswith("AWS4-HMAC-SHA256 "):
            return False
        parts = dict(part.strip().split("=", 1) for part in given.split(" ", 1)[1].split(","))
        names = parts["SignedHeaders"]
        path, _, query = self.path.partition("?")
        canonical = "&".join(sorted(query.split("&"))) if query else ""
        headers = "".join(f"{name}:{' '.join(self.headers[name].split())}\n" for name in names.split(";"))
        digest = hashlib.sha256(body).hexdigest()
        request = "\n".join([self.command, path, canonical, headers, names, self.headers.get("x-amz-content-sha256", digest)])
        scope = parts["Credential"].split("/", 1)[1]
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, hashlib.sha256(request.encode()).hexdigest()])
        key = self.secret
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == parts["Signature"]

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def handle_request(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.is_signed(body):
            self.refused.append(self.path)
            return self.answer(403, b"<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>")
        path, _, query = self.path.partition("?")
        key, asked = urllib.parse.unquote(path).lstrip("/"), urllib.parse.parse_qs(query)
        if self.command == "PUT":
            self.objects[key] = body
            return self.answer(200, ETag='"e"')
        if "list-type" in asked:
            prefix = key + "/" + asked.get("prefix", [""])[0]
            rows = "".join(f"<Contents><Key>{each[len(key) + 1:]}</Key><Size>{len(content)}</Size></Contents>"
                           for each, content in sorted(self.objects.items()) if each.startswith(prefix))
            return self.answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())
        if key in self.objects:
            return self.answer(200, self.objects[key])
        return self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>")

    do_GET = do_PUT = handle_request


def test_a_store_that_speaks_s3_is_asked_with_signatures(tmp_path):
    store = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=store.serve_forever, daemon=True).start()
    Store.objects = {"remote/in put/rows.csv": b"a,b\n1,2\n"}
    config = tmp_path / "pawl.toml"
    config.write_text(f'[endpoints]\ns3 = "http://127.0.0.1:{store.server_port}"\n')
    credentials = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret key", "AWS_SESSION_TOKEN": "to/ken=="}
    try:
        with running_server(config, credentials) as server:
            csv = reader("remote", "in put/rows.csv", InputType="CSV", CSVHeaderLocation="FIRST_ROW")
            execution = run(server, distributed(ItemReader=csv, ResultWriter=writer("remote", "out+put")))
            assert execution["status"] == "SUCCEEDED", execution
            key = json.loads(execution["output"])["ResultWriterDetails"]["Key"]
            assert json.loads(Store.objects[f"remote/{key}"])["DestinationBucket"] == "remote"
            listing = {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "remote", "Prefix": "in put/"}}
            listed = run(server, distributed(ItemReader=listing), name="l")
            assert [item["Key"] for item in json.loads(listed["output"])] == ["in put/rows.csv"], listed
            missing = run(server, distributed(ItemReader=reader("remote", "none", InputType="JSON")), name="n")
            assert missing["error"] == "States.ItemReaderFailed"
            assert Store.refused == []
    finally:
        store.shutdown()
