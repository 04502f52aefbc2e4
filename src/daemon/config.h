#pragma once

#include <map>
#include <string>
#include <vector>

#include "aws/signature_check.h"
#include "base/result.h"
#include "daemon/jobs_config.h"
#include "daemon/table_reader.h"
#include "engine/engine.h"
#include "functions/runtime.h"
#include "http/server.h"
#include "integrations/services.h"
#include "objects/buckets.h"
#include "restore/layout.h"
#include "restore/settings.h"

namespace pawl::daemon {

// The configuration (docs/configuration.md): what the file says, over what is built in.
struct Config {
  std::string file;  // empty: there is none
  std::string account = "000000000000", region = "us-east-1";
  std::string host = "127.0.0.1";
  uint16_t port = 8083;
  std::string data;              // the store
  std::string credentials_file;  // empty: whoever reaches the server may do everything
  restore::Settings restore;
  functions::Limits functions;
  JobsConfig jobs;
  functions::processes::Settings processes;  // without surroundings, which are said above
  objects::Settings objects;
  integrations::Settings integrations;  // without credentials, which no file of ours holds
  size_t open_executions_max = 1'000'000, input_bytes_max = 64 << 20;
  size_t activity_polls_max = engine::Options{}.activity_polls_max;
  Duration signature_age_max = aws::clock_skew_max;
  // The limits of the server; a body may be as large as an input and a little more where it is 0.
  http::ServerOptions front_door{.body_bytes_max = 0, .connections_max = 20'000};
  bool is_strict = false;  // executions fail where they would on AWS

  // Where keys that are not built in come from: "limits.input" from "pawl.toml:12".
  std::map<std::string, std::string> origins;

  std::string store_file() const { return data + "/pawl.db"; }
  std::string functions_directory() const { return data + "/functions"; }
  functions::processes::Settings process_settings() const;
  std::string listen() const;
  engine::Options engine_options() const;
};

struct ConfigReading {
  Config config;
  std::vector<ConfigProblem> problems;  // by line
};

// What a configuration text says; relative paths are taken from the folder of `file`. Error: the
// text is no TOML.
Result<ConfigReading> read_config(std::string_view text, const std::string& file);

// What was given on the command line; empty: not given.
struct ConfigOverrides {
  std::string file, data, listen, region;
  bool strict_aws = false;
};

// The configuration in force: flag over environment (PAWL_CONFIG, PAWL_DATA, PAWL_LISTEN,
// PAWL_REGION, PAWL_ACCOUNT) over file over what is built in. The error lists all problems.
Result<Config> load_config(const ConfigOverrides& flags);

// All problems as one error, "FILE:LINE: what" a line.
Error problems_error(const std::string& file, const std::vector<ConfigProblem>& problems);

// "HOST:PORT" or "[v6]:PORT".
Result<void> parse_listen(std::string_view text, Config& config);

// The configuration as a file that says the same. It holds no secret.
std::string write_config(const Config& config);

}  // namespace pawl::daemon
