# Runs a Python function by the name of its handler: fetches events from the Lambda Runtime API, calls the handler, and
# hands over what it returns. Needs the standard library only.
import http.client
import importlib
import json
import os
import sys
import time
import traceback
import types

RUNTIME = "/2018-06-01/runtime"


class Link:
    """One connection, kept for all events."""

    def __init__(self):
        self.connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def ask(self, method, path, body=None, headers={}):
        self.connection.request(method, RUNTIME + path, body, headers)
        response = self.connection.getresponse()
        return response.headers, response.read()

    def tell_error(self, path, error):
        headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": error["errorType"]}
        self.ask("POST", path, json.dumps(error).encode(), headers)


class Context:
    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])
        given = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = given and json.loads(given, object_hook=lambda each: types.SimpleNamespace(**each))

    def get_remaining_time_in_millis(self):
        return max(self.deadline_ms - int(time.time() * 1000), 0)


def error_of(kind, message, stack=()):
    return {"errorMessage": message, "errorType": kind, "stackTrace": list(stack)}


def error_of_exception(error):
    """With the frames of the user's own files."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__)
              if frame.filename != "<string>" and "importlib" not in frame.filename]
    return error_of(type(error).__name__, str(error), traceback.format_list(frames))


def handler_of(name):
    """(handler, None) or (None, error)."""
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        return None, error_of("Runtime.MalformedHandlerName",
                              f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        return None, error_of("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except SyntaxError as error:
        return None, error_of("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}")
    except Exception as error:
        return None, error_of_exception(error)
    handler = getattr(module, function_name, None)
    if handler is None:
        return None, error_of("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'")
    return handler, None


def log(error):
    print(f"[ERROR] {error['errorType']}: {error['errorMessage']}")
    if error["stackTrace"]:
        print("Traceback (most recent call last):\n" + "".join(error["stackTrace"]), end="")


def outcome_of(handler, event, context):
    """(result as JSON, None) or (None, error)."""
    try:
        result = handler(json.loads(event), context)
    except Exception as error:
        return None, error_of_exception(error)
    try:
        return json.dumps(result, ensure_ascii=False).encode(), None
    except Exception as error:
        return None, error_of("Runtime.MarshalError", f"Unable to marshal response: {error}")


def main():
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    sys.stdout.reconfigure(line_buffering=True)
    link = Link()
    handler, error = handler_of(os.environ["_HANDLER"])
    if error:
        log(error)
        link.tell_error("/init/error", error)
        sys.exit(1)
    while True:
        headers, event = link.ask("GET", "/invocation/next")
        request = "/invocation/" + headers["Lambda-Runtime-Aws-Request-Id"]
        result, error = outcome_of(handler, event, Context(headers))
        sys.stdout.flush()
        if error:
            log(error)
            link.tell_error(request + "/error", error)
        else:
            link.ask("POST", request + "/response", result, {"Content-Type": "application/json"})


main()
