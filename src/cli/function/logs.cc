#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class FunctionLogs : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    arguments.number("--bytes", bytes_, {1, 1 << 20}, "how much of its end (65536)");
  }

  Result<int> run(const Session& session) override {
    json::Value input = json::Value::object({{"functionName", name_}});
    if (bytes_) input = input.with("bytes", *bytes_);
    const auto answer = TRY(session.client.call("Pawl.DescribeFunctionLog", input));
    if (session.wants_json()) {
      session.show(answer);
    } else {
      session.terminal.print(answer.string_at("log").value_or(""));
    }
    return exit_done;
  }

 private:
  std::string name_;
  std::optional<int64_t> bytes_;
};

}  // namespace

std::unique_ptr<Verb> function_logs() { return std::make_unique<FunctionLogs>(); }

}  // namespace pawl::cli
