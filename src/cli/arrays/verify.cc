#include "base/text.h"
#include "cli/arrays/run_view.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ArraysVerify : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("RUN", run_, "name of a run that has succeeded");
    arguments.remark(
        "Makes every result again out of the seed, without anything that the nodes wrote, and "
        "compares it byte by byte with the bucket. Exit code 1 where one differs.");
  }

  Result<int> run(const Session& session) override {
    const json::Value found =
        TRY(session.client.invoke("pawl-arrays-verify", json::Value::object({{"run", run_}})));
    if (session.wants_json()) {
      session.show(found);
    } else {
      session.terminal.print(concat(
          "verified: ", counted(found["ids"], "id"), ", ", counted(found["points"], "point"), ", ",
          counted(found["nodes"], "node"), " in bucket ", plain(found["bucket"]), "\n"));
    }
    return exit_done;
  }

 private:
  std::string run_;
};

}  // namespace

std::unique_ptr<Verb> arrays_verify() { return std::make_unique<ArraysVerify>(); }

}  // namespace pawl::cli
