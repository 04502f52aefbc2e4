#include "restore/verify.h"

#include "base/text.h"
#include "restore/instances/instance_files.h"
#include "restore/snapshots/inventory.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

constexpr Duration page_check_limit = hours(24);
constexpr int inventory_connections = 2;

std::string_view major_of(std::string_view version) { return version.substr(0, version.find('.')); }

// "Blocks scanned:  1234" in what pg_checksums prints.
uint64_t blocks_scanned(std::string_view output) {
  for (const std::string_view line : split(output, '\n')) {
    constexpr std::string_view label = "Blocks scanned:";
    if (!line.starts_with(label)) continue;
    return static_cast<uint64_t>(parse_integer(trim(line.substr(label.size()))).value_or(0));
  }
  return 0;
}

// What pg_checksums complains about, without the counts that follow.
std::vector<std::string> complaints(std::string_view errors) {
  constexpr size_t shown_max = 20;
  std::vector<std::string> lines;
  for (const std::string_view line : split(errors, '\n')) {
    if (!trim(line).empty() && lines.size() < shown_max) lines.emplace_back(trim(line));
  }
  return lines;
}

Result<void> check_pages(InstanceServer& server, const VerifyOptions& options,
                         Verification& verification) {
  const auto control = TRY(server.server().control_data(options.cancellation));
  verification.has_page_checksums = control.has_page_checksums;
  if (!control.has_page_checksums) return {};
  TRY(server.stop());
  world::moment("verify:stopped");
  world::Program program;
  program.arguments = {options.settings.postgres_directory + "/pg_checksums", "--check", "-D",
                       server.instance().data()};
  program.environment = {"LC_ALL=C"};
  program.directory = "/";
  program.account = server_account(options.settings);
  const world::Exit exit =
      TRY(options.processes.run(program, page_check_limit, options.cancellation));
  verification.pages_checked = blocks_scanned(exit.output);
  if (exit.status == 0) return {};
  verification.differences = complaints(exit.errors);
  if (verification.differences.empty()) {
    verification.differences = {concat("pg_checksums ended with status ", exit.status)};
  }
  return {};
}

Result<void> check_version(InstanceServer& server, const Snapshot& snapshot,
                           const VerifyOptions& options, Verification& verification) {
  const auto connection = TRY(server.connect("", options.cancellation));
  verification.engine_version = connection.server_version();
  if (major_of(verification.engine_version) == major_of(snapshot.engine_version)) return {};
  verification.differences.push_back(concat("the server is version ", verification.engine_version,
                                            ", the snapshot is of ", snapshot.engine_version));
  return {};
}

}  // namespace

Result<Verification> verify_instance(InstanceServer& server, const Snapshot& snapshot,
                                     const VerifyOptions& options) {
  Verification verification;
  if (options.may_stop) TRY(check_pages(server, options, verification));
  TRY(server.start(options.cancellation));
  TRY(check_version(server, snapshot, options, verification));
  const InventoryProgress progress = [&](uint64_t done, uint64_t total) {
    if (options.report) options.report({done, total, "bytes", "comparing tables"});
  };
  const auto way = TRY(server.way(""));
  verification.inventory =
      TRY(take_inventory(way.options, inventory_connections, progress, options.cancellation));
  for (std::string& difference : differences(snapshot.inventory, verification.inventory)) {
    verification.differences.push_back(std::move(difference));
  }
  return verification;
}

}  // namespace pawl::restore
