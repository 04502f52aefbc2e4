#include <cstdlib>

#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// The region of the server, seen in the ARN of any of its machines.
std::string region_of(const Client& client) {
  const auto answer =
      client.call("AWSStepFunctions.ListStateMachines", json::Value::object({{"maxResults", 1}}));
  if (answer) {
    const json::Value machines = (*answer)["stateMachines"];
    if (machines.is_array() && machines.size() > 0) {
      const auto arn = machines.elements()[0].string_at("stateMachineArn").value_or("");
      if (const auto pieces = split(arn, ':'); pieces.size() > 3) return std::string(pieces[3]);
    }
  }
  const char* variable = std::getenv("PAWL_REGION");
  return variable != nullptr && *variable != '\0' ? variable : "us-east-1";
}

class Env : public Verb {
 public:
  void declare(Arguments&) override {}

  Result<int> run(const Session& session) override {
    const std::pair<const char*, std::string> lines[] = {
        {"AWS_ENDPOINT_URL", session.client.url()},
        // Some operations would otherwise be sent to a host named sync-127.0.0.1.
        {"AWS_DISABLE_HOST_PREFIX_INJECTION", "true"},
        {"AWS_DEFAULT_REGION", region_of(session.client)},
        // The tools insist on keys; the server does not look at them.
        {"AWS_ACCESS_KEY_ID", "pawl"},
        {"AWS_SECRET_ACCESS_KEY", "pawl"},
        {"PAWL_SERVER", session.client.url()},
    };
    json::Value::Object members;
    std::string text;
    for (const auto& [name, value] : lines) {
      members.push_back({name, value});
      text += concat("export ", name, "=", value, "\n");
    }
    session.wants_json() ? session.show(json::Value(members)) : session.terminal.print(text);
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> env() { return std::make_unique<Env>(); }

}  // namespace pawl::cli
