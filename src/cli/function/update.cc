#include "base/text.h"
#include "cli/function/settings.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class FunctionUpdate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    settings_.declare(arguments);
  }

  Result<int> run(const Session& session) override {
    const json::Value settings = TRY(settings_.settings());
    if (settings.size() == 0 && !settings_.has_code() && !settings_.has_reservation())
      return Error(ErrorCode::invalid_argument, "nothing is to be changed");
    if (settings.size() > 0)
      TRY(session.client.call(
          {.method = "PUT", .path = function_path(name_, "/configuration"), .input = settings}));
    if (settings_.has_code())
      TRY(session.client.call({.method = "PUT",
                               .path = function_path(name_, "/code"),
                               .input = TRY(settings_.code())}));
    TRY(settings_.reserve(session, name_));
    const auto shown = TRY(session.client.call({.method = "GET", .path = function_path(name_)}));
    if (session.wants_json()) {
      session.show(shown["Configuration"]);
    } else {
      session.remark(concat("updated ", plain(shown["Configuration"]["FunctionArn"])));
    }
    return exit_done;
  }

 private:
  FunctionSettings settings_;
  std::string name_;
};

}  // namespace

std::unique_ptr<Verb> function_update() { return std::make_unique<FunctionUpdate>(); }

}  // namespace pawl::cli
