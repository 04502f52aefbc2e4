#include "daemon/verbs.h"
#include "restore/instances/endpoint_forwarder.h"

namespace pawl::daemon {
namespace {

class Endpoint : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.option("--cluster-directory", options_.cluster_directory, "the cluster's folder");
    arguments.option("--address", options_.address, "address to listen on");
    arguments.number("--port", port_, {1, 65535}, "port to listen on");
    arguments.option("--account", options_.account, "system account to become");
  }

  Result<int> run(const cli::Session&) override {
    if (options_.cluster_directory.empty() || !port_) {
      return Error(ErrorCode::invalid_argument, "endpoint needs --cluster-directory and --port");
    }
    options_.port = static_cast<uint16_t>(*port_);
    return restore::run_endpoint_forwarder(options_);
  }

 private:
  restore::EndpointOptions options_;
  std::optional<int64_t> port_;
};

}  // namespace

std::unique_ptr<cli::Verb> endpoint() { return std::make_unique<Endpoint>(); }

}  // namespace pawl::daemon
