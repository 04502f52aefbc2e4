#include "daemon/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "daemon/config_checks.h"
#include "daemon/settings.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::daemon {
namespace {

constexpr const char* file = "/etc/pawl/pawl.toml";

ConfigReading reading_of(std::string_view text) {
  auto reading = read_config(text, file);
  EXPECT_TRUE(reading) << (reading ? "" : reading.error().message());
  return reading ? *std::move(reading) : ConfigReading{};
}

std::vector<std::string> problems_of(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& problem : reading_of(text).problems) {
    out.push_back(concat(problem.line, ": ", problem.message));
  }
  return out;
}

constexpr std::string_view every_key = R"(account = "123456789012"
region = "us-west-2"
listen = "127.0.0.1:9000"
data = "store"

[regions.us-east-1]
directory = "/srv/pawl/us-east-1"

[regions.us-west-2]
directory = "west"
ports = "6100-6199"
space_limit = "500GB"

[clusters.customer-db]
region = "us-east-1"
host = "/run/postgresql"
port = 5433
user = "admin"
database = "main"
data_directory = "/var/lib/postgresql/15/main"
endpoint_ports = { us-west-2 = 6432 }

[postgres]
directory = "/opt/postgres/bin"
account = "pg"
parameters = { shared_buffers = "128MB", max_connections = 50, fsync = true }

[restore]
copy_threads = 8
grace = "36h"
connection_limit = "10s"
secrets = "secrets.toml"

[notification]
file = "notifications.jsonl"
http = "http://127.0.0.1:9000/hook"
[notification.smtp]
server = "smtp://127.0.0.1:25"
from = "a@x"
to = ["b@x", "c@x"]
username = "me"
require_tls = false

[credentials]
file = "keys.toml"

[endpoints]
s3 = "http://127.0.0.1:9000/"
lambda = "http://127.0.0.1:4599/"
sqs = "https://queues.example.com"

[limits]
service_calls = 40
function_concurrency = 10
function_waiting = 20
open_executions = 30
input = "1MiB"
activity_polls = 50
connections = 60
idle_time = "7s"
request_time = "8m"
header = "9KiB"
body = "10MiB"
bodies = "11MiB"
answers = "13MiB"
signature_age = "90s"
strict_aws = true
)";

void expect_every_key(const Config& config) {
  EXPECT_EQ(config.account, "123456789012");
  EXPECT_EQ(config.region, "us-west-2");
  EXPECT_EQ(config.listen(), "127.0.0.1:9000");
  EXPECT_EQ(config.data, "/etc/pawl/store");
  const auto& settings = config.restore;
  const auto& west = settings.regions.at("us-west-2");
  EXPECT_EQ(west.name, "us-west-2");
  EXPECT_EQ(west.directory, "/etc/pawl/west");
  EXPECT_EQ(west.port_first, 6100);
  EXPECT_EQ(west.port_last, 6199);
  EXPECT_EQ(west.space_limit, 500'000'000'000u);
  EXPECT_FALSE(settings.regions.at("us-east-1").space_limit);
  const auto& cluster = settings.clusters.at("customer-db");
  EXPECT_EQ(cluster.name, "customer-db");
  EXPECT_EQ(cluster.region, "us-east-1");
  EXPECT_EQ(cluster.host, "/run/postgresql");
  EXPECT_EQ(cluster.port, 5433);
  EXPECT_EQ(cluster.user, "admin");
  EXPECT_EQ(cluster.database, "main");
  EXPECT_EQ(cluster.data_directory, "/var/lib/postgresql/15/main");
  EXPECT_EQ(cluster.endpoint_ports.at("us-west-2"), 6432);
  EXPECT_EQ(settings.postgres_directory, "/opt/postgres/bin");
  EXPECT_EQ(settings.postgres_account, "pg");
  EXPECT_EQ(settings.postgres_parameters.at("shared_buffers"), "128MB");
  EXPECT_EQ(settings.postgres_parameters.at("max_connections"), "50");
  EXPECT_EQ(settings.postgres_parameters.at("fsync"), "on");
  EXPECT_EQ(settings.copy_threads, 8);
  EXPECT_EQ(settings.grace, hours(36));
  EXPECT_EQ(settings.connection_limit, seconds(10));
  EXPECT_EQ(settings.secrets_file, "/etc/pawl/secrets.toml");
  EXPECT_EQ(settings.notification.file, "/etc/pawl/notifications.jsonl");
  EXPECT_EQ(settings.notification.http_url, "http://127.0.0.1:9000/hook");
  EXPECT_EQ(settings.notification.smtp_server, "smtp://127.0.0.1:25");
  EXPECT_EQ(settings.notification.smtp_from, "a@x");
  EXPECT_THAT(settings.notification.smtp_to, testing::ElementsAre("b@x", "c@x"));
  EXPECT_EQ(settings.notification.smtp_username, "me");
  EXPECT_EQ(settings.notification.smtp_requires_tls, false);
  EXPECT_EQ(config.credentials_file, "/etc/pawl/keys.toml");
  EXPECT_EQ(config.objects.s3.url, "http://127.0.0.1:9000");
  EXPECT_THAT(config.integrations.endpoints,
              testing::ElementsAre(testing::Pair("lambda", "http://127.0.0.1:4599"),
                                   testing::Pair("sqs", "https://queues.example.com")));
  EXPECT_EQ(config.integrations.calls_max, 40);
  EXPECT_EQ(config.functions.concurrency, 10);
  EXPECT_EQ(config.functions.waiting_max, 20u);
  EXPECT_EQ(config.open_executions_max, 30u);
  EXPECT_EQ(config.input_bytes_max, 1u << 20);
  EXPECT_EQ(config.activity_polls_max, 50u);
  EXPECT_EQ(config.front_door.connections_max, 60u);
  EXPECT_EQ(config.front_door.idle_limit, seconds(7));
  EXPECT_EQ(config.front_door.request_limit, minutes(8));
  EXPECT_EQ(config.front_door.header_bytes_max, 9u << 10);
  EXPECT_EQ(config.front_door.body_bytes_max, 10u << 20);
  EXPECT_EQ(config.front_door.bodies_bytes_max, 11u << 20);
  EXPECT_EQ(config.front_door.answers_bytes_max, 13u << 20);
  EXPECT_EQ(config.signature_age_max, seconds(90));
  EXPECT_TRUE(config.is_strict);
}

class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { unsetenv(name_); }

 private:
  const char* name_;
};

TEST(config, reads_every_key) {
  const auto reading = reading_of(every_key);
  EXPECT_THAT(problems_of(every_key), testing::IsEmpty());
  expect_every_key(reading.config);
}

TEST(config, is_written_so_that_it_reads_back_the_same) {
  const std::string written = write_config(reading_of(every_key).config);
  EXPECT_THAT(problems_of(written), testing::IsEmpty());
  expect_every_key(reading_of(written).config);
}

TEST(config, is_shown_with_the_origin_of_every_key_and_reads_back_the_same) {
  const std::string shown = annotated_config(reading_of(every_key).config);
  EXPECT_THAT(problems_of(shown), testing::IsEmpty());
  expect_every_key(reading_of(shown).config);
  EXPECT_THAT(shown, testing::ContainsRegex("input = \"1MiB\" +# /etc/pawl/pawl.toml:5.\n"));
  EXPECT_THAT(shown, testing::ContainsRegex("require_tls.*# /etc/pawl/pawl.toml:"));
}

// How `config show` writes what a file says, once it has been seen to be read as the same again.
std::string shown_again(std::string_view table, std::string_view key, std::string_view written) {
  const auto configured = [&](std::string_view value) {
    return reading_of(concat("[", table, "]\n", key, " = ", value, "\n")).config;
  };
  const auto setting = [&](const Config& config) {
    const auto all = settings_of(config);
    const auto found = std::ranges::find(all, concat(table, ".", key), &Setting::name);
    return found == all.end() ? json::Value() : found->value;
  };
  const std::string shown = annotated_config(configured(written));
  std::string line = shown.substr(shown.find(concat("\n", key, " = ")) + 1);
  line = line.substr(key.size() + 3, line.find("  ") - key.size() - 3);
  EXPECT_EQ(setting(configured(line)), setting(configured(written))) << line;
  EXPECT_FALSE(setting(configured(line)).is_null()) << line;
  return line;
}

TEST(config, is_shown_with_sizes_and_times_as_people_write_them) {
  const auto size = [](auto written) { return shown_again("regions.r", "space_limit", written); };
  for (const std::string same :
       {"\"64MiB\"", "\"70MiB\"", "\"500GB\"", "\"3TiB\"", "\"1kB\"", "999"})
    EXPECT_EQ(size(same), same);
  EXPECT_EQ(size("73400320"), "\"70MiB\"");
  EXPECT_EQ(size("\"1.5GiB\""), "\"1536MiB\"");
  EXPECT_EQ(size("9007199254740993000"), "9007199254740993000");
  const auto time = [](auto written) { return shown_again("restore", "grace", written); };
  for (const std::string same :
       {"\"24h\"", "\"7d\"", "\"90s\"", "\"5m\"", "\"250ms\"", "\"0s\"", "\"1.5ms\""})
    EXPECT_EQ(time(same), same);
  EXPECT_EQ(time("86400"), "\"24h\"");
  EXPECT_EQ(time("\"1h30m\""), "\"90m\"");
  EXPECT_EQ(time("\"60.25s\""), "\"60250ms\"");
}

TEST(config, is_shown_without_the_passwords_in_it) {
  const auto shown =
      annotated_config(reading_of("[endpoints]\nlambda = \"http://me:hush@127.0.0.1:1/a@b\"\n"
                                  "[notification]\nhttp = \"http://127.0.0.1:1/a:b@c\"\n")
                           .config);
  EXPECT_THAT(shown, testing::HasSubstr("lambda = \"http://me@127.0.0.1:1/a@b\""));
  EXPECT_THAT(shown, testing::HasSubstr("http = \"http://127.0.0.1:1/a:b@c\""));
}

TEST(config, says_which_flag_or_variable_set_a_key) {
  const Environment region("PAWL_REGION", "eu-west-1");
  const auto config = load_config({.file = {}, .data = "/d", .listen = {}, .region = {}});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->origins.at("region"), "PAWL_REGION");
  EXPECT_EQ(config->origins.at("data"), "--data");
  EXPECT_FALSE(config->origins.contains("account"));
}

TEST(config, takes_no_time_limit_of_nothing) {
  EXPECT_THAT(problems_of("[limits]\nidle_time = \"0s\"\n"),
              testing::ElementsAre("2: limits.idle_time must be at least a second"));
}

TEST(config, what_the_documentation_shows_is_taken_without_a_problem) {
  std::ifstream stream(PAWL_SOURCE_DIRECTORY "/docs/configuration.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  const size_t begin = page.find("```toml\n") + 8;
  ASSERT_NE(page.find("```", begin), page.npos);
  EXPECT_THAT(problems_of(page.substr(begin, page.find("```", begin) - begin)), testing::IsEmpty());
}

TEST(config, what_an_expression_may_hold_is_what_the_documentation_says) {
  std::ifstream stream(PAWL_SOURCE_DIRECTORY "/docs/architecture.md");
  const std::string page{std::istreambuf_iterator<char>(stream), {}};
  const auto limits = fixed_limits();
  const auto memory = std::ranges::find(limits, "memory of one JSONata evaluation", &Setting::name);
  ASSERT_NE(memory, limits.end());
  EXPECT_THAT(page, testing::HasSubstr(concat("One expression may also hold ",
                                              memory->value.integer() >> 20, " MiB at once")));
}

struct Wrong {
  std::string_view text, problem;
};

TEST(config, names_the_line_of_what_is_wrong) {
  const Wrong wrongs[] = {
      {"acount = \"1\"", "1: unknown key \"acount\"; did you mean \"account\"?"},
      {"account = 12", "1: account must be a text, not a whole number"},
      {"account = \"12\"", "1: account must be twelve digits"},
      {"\n\nlisten = \"8083\"", "3: listen must be \"HOST:PORT\""},
      {"listen = \"127.0.0.1:70000\"", "1: listen must be \"HOST:PORT\""},
      {"regions = 1", "1: regions must be a table, not a whole number"},
      {"[regions.a]\nports = \"1-2\"", "1: regions.a.directory is missing"},
      {"[regions.a]\ndirectory = \"/a\"\nports = \"9-8\"",
       "3: regions.a.ports must be a range of ports such as \"6100-6199\""},
      {"[regions.a]\ndirectory = \"/a\"\nports = \"1-65536\"",
       "3: regions.a.ports must be a range of ports such as \"6100-6199\""},
      {"[regions.a]\ndirectory = \"/a\"\nspace_limit = \"lots\"",
       "3: regions.a.space_limit must be a size such as \"500GB\" or \"64MiB\""},
      {"[restore]\ngrace = \"a while\"",
       "2: restore.grace must be a length of time such as \"30s\" or \"24h\""},
      {"[restore]\ncopy_threads = 0", "2: restore.copy_threads must be from 1 to 256, not 0"},
      {"[restore]\ncopy_thread = 4",
       "2: unknown key \"restore.copy_thread\"; did you mean \"copy_threads\"?"},
      {"[notification]\nsmtp = { from = \"a\", to = [\"b\"] }",
       "2: notification.smtp.server is missing"},
      {"[endpoints]\nsqs = \"127.0.0.1:1\"",
       "2: endpoints.sqs must be a URL such as \"http://127.0.0.1:4566\""},
      {"[endpoints]\nsqz = \"http://h\"",
       "2: unknown key \"endpoints.sqz\"; did you mean \"sqs\"?"},
      {"[limits]\nfunction_concurrency = 1.5",
       "2: limits.function_concurrency must be a whole number, not a number"},
      {"[regions.a]\ndirectory = \"/a\"\n[clusters.x]\nregion = \"b\"\nhost = \"h\"",
       "3: clusters.x names the region \"b\", which has no table; there are: a"},
      {"[clusters.x]\nregion = \"a\"\n[regions.a]\ndirectory = \"/a\"",
       "1: clusters.x.host is missing"},
  };
  for (const Wrong& wrong : wrongs) {
    EXPECT_THAT(problems_of(wrong.text), testing::Contains(std::string(wrong.problem)))
        << wrong.text;
  }
}

TEST(config, reports_all_problems_in_the_order_of_their_lines) {
  EXPECT_THAT(problems_of("xyzzy = 1\nregion = 2\n[restore]\ngrace = true\n"),
              testing::ElementsAre(testing::StartsWith("1: unknown key \"xyzzy\"; known here: "),
                                   testing::StartsWith("2: region"),
                                   testing::StartsWith("4: restore.grace")));
}

TEST(config, two_clusters_may_not_have_the_same_endpoint) {
  EXPECT_THAT(problems_of("[regions.a]\ndirectory = \"/a\"\n"
                          "[clusters.x]\nregion = \"a\"\nhost = \"h\"\nendpoint_ports = {a = 1}\n"
                          "[clusters.y]\nregion = \"a\"\nhost = \"h\"\nendpoint_ports = {a = 1}\n"),
              testing::ElementsAre(
                  "10: clusters.y.endpoint_ports.a (1) and clusters.x.endpoint_ports.a (1) "
                  "have ports in common"));
}

TEST(config, nobody_is_given_the_port_of_another) {
  constexpr std::string_view two =
      "listen = \"127.0.0.1:6150\"\n[regions.a]\ndirectory = \"/a\"\nports = \"6100-6199\"\n"
      "[regions.b]\ndirectory = \"/b\"\nports = \"6199-6299\"\n";
  EXPECT_THAT(
      problems_of(two),
      testing::ElementsAre("4: regions.a.ports (6100-6199) and listen (6150) have ports in common",
                           "7: regions.b.ports (6199-6299) and regions.a.ports (6100-6199) have "
                           "ports in common"));
  // An endpoint may have one of its region's range: servers are not given it.
  EXPECT_THAT(problems_of("[regions.a]\ndirectory = \"/a\"\nports = \"6100-6199\"\n[clusters.x]\n"
                          "region = \"a\"\nhost = \"h\"\nendpoint_ports = {a = 6120}\n"),
              testing::IsEmpty());
}

TEST(config, two_regions_have_directories_of_their_own) {
  const auto with = [](std::string_view first, std::string_view second) {
    return problems_of(concat("[regions.a]\ndirectory = \"", first,
                              "\"\nports = \"1-2\"\n[regions.b]", "\ndirectory = \"", second,
                              "\"\nports = \"3-4\"\n"));
  };
  EXPECT_THAT(with("/srv/x", "/srv/x"), testing::ElementsAre(testing::HasSubstr("are the same")));
  EXPECT_THAT(with("/srv/x/y", "/srv/x"), testing::ElementsAre(testing::HasSubstr("are nested")));
  EXPECT_THAT(with("/srv/x", "/srv/./x/y"), testing::ElementsAre(testing::HasSubstr("are nested")));
  EXPECT_THAT(with("/srv/x", "/srv/xy"), testing::IsEmpty());
}

TEST(config, only_this_machine_may_reach_the_server) {
  for (const char* host : {"0.0.0.0", "[::]", "10.0.0.1", "db.example.com"}) {
    EXPECT_THAT(problems_of(concat("listen = \"", host, ":8083\"")),
                testing::ElementsAre(testing::StartsWith("1: cannot listen on ")));
  }
  EXPECT_THAT(problems_of("listen = \"[::1]:8083\""), testing::IsEmpty());
}

TEST(config, a_home_region_without_a_table_is_refused_with_those_there_are) {
  EXPECT_THAT(problems_of("region = \"eu-west-1\"\n[regions.us-east-1]\ndirectory = \"/a\"\n"),
              testing::ElementsAre("1: the home region \"eu-west-1\" has no table; there are: "
                                   "us-east-1"));
  // The file may leave it to a flag or to the environment.
  const auto reading = reading_of("[regions.eu-west-1]\ndirectory = \"/a\"\n");
  EXPECT_THAT(reading.problems, testing::IsEmpty());
  EXPECT_EQ(check_home_region(reading.config).error().code(), ErrorCode::invalid_argument);
}

TEST(config, others_may_reach_a_server_that_has_credentials) {
  EXPECT_THAT(problems_of("listen = \"0.0.0.0:8083\"\n[credentials]\nfile = \"keys.toml\""),
              testing::IsEmpty());
  EXPECT_THAT(problems_of("listen = \"0.0.0.0:8083\"\n[credentials]"),
              testing::Contains("2: credentials.file is missing"));
}

// "LINE: what", where the line is known.
std::vector<std::string> differences_of(const Config& config) {
  std::vector<std::string> out;
  for (const auto& [line, what] : differences_outside(config))
    out.push_back(line > 0 ? concat(line, ": ", what) : what);
  return out;
}

TEST(config, a_directory_whose_parent_is_missing_is_noticed) {
  const auto reading = reading_of("[regions.a]\ndirectory = \"/nowhere/here/a\"\n");
  EXPECT_THAT(
      differences_of(reading.config),
      testing::Contains("2: regions.a.directory: the directory /nowhere/here does not exist"));
}

TEST(config, what_the_machine_does_not_have_is_told_with_its_line) {
  const auto found = differences_of(reading_of("data = \"/proc/nope\"\n"
                                               "[functions]\naccount = \"nobodythere\"\n"
                                               "[postgres]\naccount = \"neither\"\n"
                                               "[objects.buckets]\norders = \"/no/bucket\"\n")
                                        .config);
  const auto at = [&](std::string_view text) {
    return std::ranges::find_if(found, [&](const auto& each) { return each.starts_with(text); });
  };
  EXPECT_NE(at("1: data: the directory /proc/nope cannot be made: "), found.end());
  const auto account = at("3: functions.account: account nobodythere does not exist");
  const auto bucket =
      at("7: objects.buckets.orders: the directory /no/bucket does not exist; the "
         "server does not make it");
  EXPECT_NE(account, found.end());
  EXPECT_NE(at("5: postgres.account: account neither does not exist"), found.end());
  EXPECT_NE(bucket, found.end());
  EXPECT_LT(account, bucket) << "in the order of the lines";
}

TEST(config, what_the_machine_has_is_no_difference) {
  const world::ScratchDirectory directory;
  std::filesystem::create_directory(directory / "there");
  std::filesystem::create_directory(directory / "orders");
  Config config = reading_of("[functions]\naccount = \"root\"\n").config;
  config.objects.directories["orders"] = directory / "orders";
  for (const char* data : {"there", "new"}) {
    config.data = directory / data;
    EXPECT_THAT(differences_of(config),
                testing::Not(testing::Contains(testing::AnyOf(testing::HasSubstr("data"),
                                                              testing::HasSubstr("orders"),
                                                              testing::HasSubstr("account")))));
  }
  // Looking leaves nothing behind.
  EXPECT_THAT(world::list_directory(directory.path()).value(),
              testing::ElementsAre("orders", "there"));
  EXPECT_THAT(world::list_directory(directory / "there").value(), testing::IsEmpty());
  std::ofstream(directory / "file") << "x";
  config.data = directory / "file";
  EXPECT_THAT(differences_of(config),
              testing::Contains(concat("data: ", config.data, " is no directory")));
}

TEST(config, what_slurm_needs_and_is_not_there_is_noticed) {
  const world::ScratchDirectory directory;
  const auto reading = reading_of(
      "[slurm]\nconfiguration = \"/nowhere/slurm.conf\"\ndirectory = \"/nowhere/here/slurm\"\n");
  const std::string path = getenv("PATH");
  setenv("PATH", directory.path().c_str(), 1);
  for (const char* program : {"sbatch", "squeue", "scancel"})
    ASSERT_TRUE(
        world::write_file_atomically(directory.path() + "/" + program, "#!/bin/sh\n", 0755));
  ASSERT_TRUE(world::write_file_atomically(directory.path() + "/scontrol", "#!/bin/sh\n", 0644));
  const auto found = differences_of(reading.config);
  setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(found, testing::IsSupersetOf(
                         {"1: slurm: the program scontrol is not in PATH",
                          "3: slurm.directory: the directory /nowhere/here does not exist",
                          "1: slurm.configuration: /nowhere/slurm.conf cannot be read"}));
  EXPECT_THAT(found, testing::Not(testing::Contains(testing::HasSubstr("sbatch"))));
}

TEST(config, a_folder_that_cannot_be_a_bucket_is_noticed) {
  const auto directory = std::filesystem::path(testing::TempDir()) / "folders-of-buckets";
  std::filesystem::create_directories(directory / "in");
  std::filesystem::create_directories(directory / "inbox");
  Config config;
  config.objects.directory = directory.string();
  EXPECT_THAT(folders_that_are_no_buckets(config),
              testing::ElementsAre(testing::HasSubstr("folders-of-buckets/in cannot be a bucket")));
}

TEST(config, looks_into_the_secrets_file) {
  const world::ScratchDirectory directory;
  Config config;
  config.restore.secrets_file = directory / "secrets.toml";
  config.restore.clusters["shop"].name = "shop";
  const auto found_with = [&](const std::string& text) {
    EXPECT_TRUE(world::write_file_atomically(config.restore.secrets_file, text, 0600));
    return join(differences_of(config), "\n");
  };
  EXPECT_THAT(found_with("[shop\n"), testing::HasSubstr("line 1 is not TOML"));
  EXPECT_THAT(found_with("[shop]\napp = 3\n"), testing::HasSubstr("line 2: app is not a table"));
  EXPECT_THAT(found_with("[shoop]\n"), testing::HasSubstr("\"shoop\", which is no cluster"));
  EXPECT_THAT(found_with("[shop]\napp = {username = \"u\", password = \"p\"}\n"
                         "[default]\nreadonly = {username = \"u\", password = \"q\"}\n"),
              testing::HasSubstr("one username for app and readonly of shop"));
  EXPECT_THAT(found_with("[default]\n[shop]\n"), testing::Not(testing::HasSubstr("secrets")));
}

TEST(config, says_where_a_text_stops_being_toml) {
  const auto reading = read_config("account = \"1\"\nregion = = 2\n", file);
  ASSERT_FALSE(reading);
  EXPECT_THAT(reading.error().message(),
              testing::StartsWith(concat(file, ":2:10: this is no value")));
}

TEST(config, rules_of_array_runs_are_accepted_by_name_and_with_a_reason) {
  const auto reading =
      reading_of("[arrays.accepted]\n\"volume-open-to-others\" = \"a \\\"shared\\\" volume\"\n");
  EXPECT_TRUE(reading.problems.empty());
  EXPECT_EQ(reading.config.jobs.accepted.at("volume-open-to-others"), "a \"shared\" volume");
  EXPECT_EQ(reading_of(write_config(reading.config)).config.jobs.accepted,
            reading.config.jobs.accepted);
  EXPECT_THAT(
      problems_of("[arrays.accepted]\nworker-open-to-others = \" \"\nvolume-open = \"why\"\n"),
      testing::ElementsAre("2: arrays.accepted.worker-open-to-others must say why that is accepted",
                           testing::HasSubstr("3: unknown key \"arrays.accepted.volume-open\"")));
}

TEST(config, a_flag_wins_over_the_environment_and_that_over_the_file) {
  const auto path = std::filesystem::temp_directory_path() / concat("config-", getpid(), ".toml");
  std::ofstream(path) << "region = \"of-file\"\naccount = \"111111111111\"\n"
                         "listen = \"127.0.0.1:1\"\ndata = \"/of-file\"\n";
  {
    const Environment region("PAWL_REGION", "of-environment");
    const Environment listen("PAWL_LISTEN", "127.0.0.1:2");
    const auto config = load_config({.file = path, .data = {}, .listen = "[::1]:3", .region = {}});
    ASSERT_TRUE(config) << config.error().message();
    EXPECT_EQ(config->account, "111111111111");
    EXPECT_EQ(config->region, "of-environment");
    EXPECT_EQ(config->listen(), "[::1]:3");
    EXPECT_EQ(config->data, "/of-file");
  }
  std::filesystem::remove(path);
}

TEST(config, without_a_file_the_home_region_lives_below_the_data) {
  const auto config = load_config({.file = {}, .data = "/d", .listen = {}, .region = "eu-west-1"});
  ASSERT_TRUE(config) << config.error().message();
  EXPECT_EQ(config->restore.regions.at("eu-west-1").directory, "/d/regions/eu-west-1");
  EXPECT_EQ(config->listen(), "127.0.0.1:8083");
}

TEST(config, a_file_that_is_not_there_is_not_found) {
  const auto config =
      load_config({.file = "/nowhere.toml", .data = {}, .listen = {}, .region = {}});
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace pawl::daemon
