#include "base/text.h"
#include "cli/function/settings.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class FunctionCreate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the new function");
    settings_.declare(arguments);
    arguments.option("--role", role_, "ARN of its role (kept, not used)");
  }

  Result<int> run(const Session& session) override {
    json::Value input = TRY(settings_.settings());
    const bool is_python = input.find("Handler") != nullptr;
    if (!input.find("Runtime"))
      input = input.with("Runtime", is_python ? "python3.11" : "provided.al2023");
    input = input.with("FunctionName", name_).with("Role", role_);
    input = input.with("Code", TRY(settings_.code()));
    const auto created = TRY(
        session.client.call({.method = "POST", .path = "/2015-03-31/functions", .input = input}));
    TRY(settings_.reserve(session, name_));
    if (session.wants_json()) {
      session.show(with_moments(created));
    } else {
      session.terminal.print(plain(created["FunctionArn"]) + "\n");
    }
    return exit_done;
  }

 private:
  FunctionSettings settings_;
  std::string name_, role_ = "arn:aws:iam::000000000000:role/pawl";
};

}  // namespace

std::unique_ptr<Verb> function_create() { return std::make_unique<FunctionCreate>(); }

}  // namespace pawl::cli
