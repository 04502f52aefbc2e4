#include "base/text.h"
#include "cli/confirm.h"
#include "cli/function/settings.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class FunctionDelete : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    arguments.flag("--yes", is_sure_, "do not ask");
  }

  Result<int> run(const Session& session) override {
    if (!is_sure_)
      TRY(confirm(session,
                  concat("The function ", name_, " will be deleted, with its code and its log."),
                  name_));
    TRY(session.client.call({.method = "DELETE", .path = function_path(name_)}));
    session.remark(concat("deleted ", name_));
    return exit_done;
  }

 private:
  std::string name_;
  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> function_delete() { return std::make_unique<FunctionDelete>(); }

}  // namespace pawl::cli
