#include <cstdlib>

#include "base/arn.h"
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
      if (const auto parsed = parse_arn(arn)) return std::string(parsed->region);
    }
  }
  const char* variable = std::getenv("PAWL_REGION");
  return variable != nullptr && *variable != '\0' ? variable : "us-east-1";
}

// As a shell reads it back.
std::string quoted(const std::string& value) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:+=,@%[]";
  if (value.find_first_not_of(plain) == value.npos) return value;
  return concat("'", replace_all(value, "'", "'\\''"), "'");
}

class Env : public Verb {
 public:
  void declare(Arguments&) override {}

  Result<int> run(const Session& session) override {
    // The tools insist on keys, also where the server does not look at them.
    const aws::Credentials keys =
        session.client.credentials().value_or(aws::Credentials{"pawl", "pawl"});
    const std::pair<const char*, std::string> lines[] = {
        {"AWS_ENDPOINT_URL", session.client.url()},
        // Some operations would otherwise be sent to a host named sync-127.0.0.1.
        {"AWS_DISABLE_HOST_PREFIX_INJECTION", "true"},
        {"AWS_DEFAULT_REGION", region_of(session.client)},
        {"AWS_ACCESS_KEY_ID", keys.access_key_id},
        {"AWS_SECRET_ACCESS_KEY", keys.secret_access_key},
        {"PAWL_SERVER", session.client.url()},
    };
    json::Value::Object members;
    std::string text;
    for (const auto& [name, value] : lines) {
      members.push_back({name, value});
      text += concat("export ", name, "=", quoted(value), "\n");
    }
    session.wants_json() ? session.show(json::Value(members)) : session.terminal.print(text);
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> env() { return std::make_unique<Env>(); }

}  // namespace pawl::cli
