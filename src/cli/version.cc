#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class Version : public Verb {
 public:
  void declare(Arguments&) override {}
  Result<int> run(const Session& session) override {
    if (session.wants_json()) {
      session.show(json::Value::object({{"version", PAWL_VERSION}}));
    } else {
      session.terminal.print(concat("pawl ", PAWL_VERSION, "\n"));
    }
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> version() { return std::make_unique<Version>(); }

}  // namespace pawl::cli
