#include "base/text.h"
#include "cli/function/settings.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

using json::Value;

// Where the error came from, as most runtimes tell it; those of Node.js call it otherwise.
Value stack_trace_of(const Value& error) {
  for (const char* member : {"stackTrace", "trace"})
    if (const Value trace = error[member]; trace.is_array() && trace.size() > 0) return trace;
  return {};
}

std::string lines_of(const Value& trace) {
  std::string text;
  if (!trace.is_array()) return text;
  for (const Value& entry : trace.elements()) {
    text += plain(entry);
    if (!text.ends_with('\n')) text += '\n';
  }
  return text;
}

// Those that are built in have none: what they say is in the server's.
bool has_log(const Session& session, const std::string& name) {
  const auto shown =
      session.client.call({.method = "GET", .path = function_path(name, "/configuration")});
  return shown && shown->find("Runtime");
}

// An error of the function's own: its name means something to the function alone.
void explain(const Session& session, const Value& error, const std::string& name) {
  const std::string type = error.string_at("errorType").value_or("");
  const std::string message = error.string_at("errorMessage").value_or("");
  const Value trace = stack_trace_of(error);
  const std::string next =
      has_log(session, name) ? concat("pawl function logs ", name_of(name)) : std::string();
  if (!session.wants_json())
    return session.terminal.say(concat("pawl: ", type, type.empty() ? "" : ": ", message, "\n",
                                       lines_of(trace),
                                       next.empty() ? "" : concat("next:\n  ", next, "\n")));
  Value::Object members{
      {"code", pawl::name(ErrorCode::failed)}, {"message", message}, {"error", type}};
  if (!next.empty()) members.push_back({"hint", concat("`", next, "`")});
  if (!trace.is_null()) members.push_back({"stackTrace", trace});
  session.terminal.say(json::write(Value::object({{"error", std::move(members)}})) + "\n");
}

class FunctionInvoke : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    arguments.option("-i,--input", input_, "its event: JSON, @FILE, or - for standard input");
  }

  Result<int> run(const Session& session) override {
    const std::string text = TRY(text_argument(input_));
    const Value event = TRY(parse_json(text, source_of(input_)));
    const auto ended = TRY(session.client.call_function(name_, event));
    if (ended.is_error) {
      explain(session, ended.payload, name_);
      return exit_failed;
    }
    if (session.wants_json()) {
      session.show(ended.payload);
    } else {
      session.terminal.print(json::write(ended.payload) + "\n");
    }
    return exit_done;
  }

 private:
  std::string name_, input_ = "{}";
};

}  // namespace

std::unique_ptr<Verb> function_invoke() { return std::make_unique<FunctionInvoke>(); }

}  // namespace pawl::cli
