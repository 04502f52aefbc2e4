#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "aws/credentials.h"
#include "engine/tasks.h"
#include "functions/runtime.h"
#include "functions/workers.h"
#include "integrations/call.h"
#include "world/clock.h"

namespace pawl::integrations {

struct Settings {
  // Where services are, by name: "lambda" = "http://127.0.0.1:4599".
  std::map<std::string, std::string, std::less<>> endpoints = {};
  std::optional<aws::Credentials> credentials = {};  // none: calls are not signed
  int calls_max = 100;                               // at once, to one service
  // A server of our own will be up soon: it is asked for `states` where that has no endpoint.
  bool has_own_server = false;
};

// The names of the services that may have an endpoint.
std::vector<std::string> known_services();

// Runs the tasks that call other services at the endpoints that are configured. A function that is
// built in stays in the runtime; where Lambda has an endpoint, all other functions are called
// there. A call that is cancelled, or cut off by a stop, is not waited for; one whose end is not
// known after a crash is made again, with the same header amz-sdk-invocation-id.
class Services : public engine::TaskRunner {
 public:
  Services(Settings settings, functions::Runtime& built_in, world::Clock& clock);
  ~Services() override;  // cancels what runs and waits for it

  // Where task ends are told. REQUIRES: before the first start.
  void report_to(engine::TaskReports& reports);
  // Where our own server is, and what it admits. Calls of it have been waiting for this. At most
  // once.
  struct Endpoint {
    std::string url;
    std::optional<aws::Credentials> credentials = {};
  };
  void serve_at(Endpoint own_server);

  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void cancel(std::string_view task_id) override;

  // Like start, for the caller alone: `done` is called once. REQUIRES: accepts the resource.
  void run(engine::TaskRequest request, std::function<void(Outcome)> done);

  // As functions::Runtime::drain.
  void drain();

 private:
  bool is_built_in(const engine::TaskRequest& request) const;
  void submit(engine::TaskRequest request, functions::Done done, bool is_durable);
  bool is_own_server(std::string_view service) const;
  asl::Outcome<Endpoint> endpoint_of(std::string_view service,
                                     const world::Cancellation& cancellation) const;
  Outcome perform(const functions::Call& call) const;

  const Settings settings_;
  functions::Runtime& built_in_;
  world::Clock& clock_;
  engine::TaskReports* reports_ = nullptr;
  std::promise<Endpoint> own_server_;
  const std::shared_future<Endpoint> own_server_known_{own_server_.get_future()};
  std::map<std::string, functions::Function, std::less<>> callers_;  // by service
  functions::Workers workers_;
};

}  // namespace pawl::integrations
