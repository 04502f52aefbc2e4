#include "cli/function/settings.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

class FunctionInvoke : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    arguments.option("-i,--input", input_, "its event: JSON, @FILE, or - for standard input");
  }

  Result<int> run(const Session& session) override {
    const std::string text = TRY(text_argument(input_));
    const json::Value event = TRY(parse_json(text, source_of(input_)));
    const auto result = TRY(session.client.invoke(http::encode_percent(name_), event));
    if (session.wants_json()) {
      session.show(result);
    } else {
      session.terminal.print(json::write(result) + "\n");
    }
    return exit_done;
  }

 private:
  std::string name_, input_ = "{}";
};

}  // namespace

std::unique_ptr<Verb> function_invoke() { return std::make_unique<FunctionInvoke>(); }

}  // namespace pawl::cli
