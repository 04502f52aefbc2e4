#include "api/service.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "daemon/access_keys.h"
#include "daemon/assemble.h"
#include "daemon/config_checks.h"
#include "daemon/verbs.h"
#include "json/write.h"

namespace pawl::daemon {
namespace {

bool is_probe(const http::Request& request) {
  const bool has_method = request.method == "GET" || request.method == "HEAD";
  return has_method &&
         (request.path == "/readyz" || request.path == "/livez" || request.path == "/healthz");
}

// The server listens only once everything is ready. After a failed commit it only reads, and while
// one turn of the engine lasts commands wait. It lives all the same: who is killed in a turn begins
// it again.
http::Response probe_answer(const engine::Engine& engine, bool is_about_life) {
  Result<void> ready = engine.readiness();
  if (is_about_life && engine.is_running()) ready = {};
  json::Value::Object members{{"status", ready                 ? "ok"
                                         : engine.is_running() ? "busy"
                                                               : "stopped"},
                              {"version", PAWL_VERSION}};
  if (!ready) members.push_back({"reason", ready.error().text()});
  return {.status = ready ? 200 : 503,
          .headers = {{"Content-Type", "application/json"}},
          .body = json::write(std::move(members)) + "\n"};
}

Result<std::unique_ptr<http::Server>> open_front_door(const Config& config, api::Service& service,
                                                      const engine::Engine& engine) {
  http::ServerOptions options = config.front_door;
  options.host = config.host;
  options.port = config.port;
  auto server = http::Server::start(options, [&](http::Request request, http::Responder responder) {
    if (is_probe(request)) return responder(probe_answer(engine, request.path == "/livez"));
    service.handle(std::move(request), std::move(responder));
  });
  if (server) return server;
  return std::move(server).error().with_hint(
      "Another server may be running; --listen takes another HOST:PORT.");
}

class Serve : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.option("--config", flags_.file, "configuration file (PAWL_CONFIG)");
    arguments.option("--data", flags_.data, "folder of the store (PAWL_DATA)");
    arguments.option("--listen", flags_.listen, "HOST:PORT; port 0 is any free one (PAWL_LISTEN)");
    arguments.flag("--strict-aws", flags_.strict_aws,
                   "fail executions where AWS would: 256 KiB of data, 25,000 events");
    arguments.option("--region", flags_.region, "region the server is at home in (PAWL_REGION)");
  }

  Result<int> run(const cli::Session& session) override {
    Config config = TRY(load_config(flags_));
    TRY(check_listens_safely(config));
    const std::vector<AccessKey> keys = TRY(configured_keys(config));
    for (const std::string& folder : folders_that_are_no_buckets(config))
      log(LogLevel::warning, folder);
    if (config.restore.clusters.empty() && config.file.empty()) {
      log(LogLevel::warning, "no PostgreSQL cluster is configured, so no database can be restored",
          {{"store", config.data}, {"hint", "Name a configuration file with --config."}});
    }
    const cli::Interrupt interrupt;
    config.integrations.has_own_server = true;
    const auto assembly = TRY(assemble(config, {}));
    TRY(assembly->start());
    TRY(assembly->register_pipelines());
    assembly->take_up();
    api::Service service({assembly->engine(), assembly->functions(), assembly->services(),
                          assembly->jobs(), assembly->random(), assembly->schedules(),
                          config.is_strict});
    if (!keys.empty())
      service.admit_only(key_ring(keys), assembly->clock(), config.signature_age_max);
    auto server = TRY(open_front_door(config, service, assembly->engine()));
    config.port = server->port();
    integrations::Services::Endpoint own{concat("http://", config.listen())};
    if (!keys.empty()) own.credentials = keys.front().credentials;
    assembly->services().serve_at(std::move(own));
    TRY(assembly->schedules().start());
    session.terminal.print(concat("pawl: listening on http://", config.listen(), "\n"));
    interrupt.wait();
    log(LogLevel::info, "stopping; a second signal stops at once");
    assembly->stop();
    server.reset();
    const auto& failure = assembly->engine().failure();
    if (!failure) return cli::exit_done;
    // Whoever has it stopped, an operator or systemd, is to know that it had not served to the end.
    log(LogLevel::error, "stopped, and had taken on nothing since the store failed",
        {{"error", failure->text()}});
    return cli::exit_failed;
  }

 private:
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> serve() { return std::make_unique<Serve>(); }

}  // namespace pawl::daemon
