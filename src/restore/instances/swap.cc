#include "restore/instances/swap.h"

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/instances/instance.h"
#include "restore/instances/instance_server.h"
#include "restore/layout.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

// Connections that were led to the old server just before the rename get this long.
constexpr seconds settle_time(1);

Result<void> check_verified(const Instance& instance, const std::string& cluster) {
  if (instance.cluster != cluster) {
    return Error(ErrorCode::invalid_argument,
                 concat("the instance of operation ", instance.operation_id, " is for cluster ",
                        instance.cluster, ", not ", cluster));
  }
  if (instance.may_serve()) return {};
  return Error(ErrorCode::conflict,
               concat("the instance of operation ", instance.operation_id,
                      " is not verified and may not serve"),
               "Call aurora-restore-verify-restore first.");
}

Result<void> check_can_go_back(const Region& region, const Instance& instance, Instant now) {
  const std::string what = concat("operation ", instance.operation_id);
  if (instance.replaces.empty()) {
    return Error(ErrorCode::conflict, what + " has replaced nothing that could be put back");
  }
  const auto old = read_instance(region, instance.replaces);
  if (old && (!old->keep_until || now <= *old->keep_until)) return {};
  return Error(ErrorCode::conflict,
               concat(what, " cannot be taken back: the instance that it replaced, ",
                      instance.replaces, ", is not kept any more"),
               "Only the instance that was replaced last is kept, and for the grace time.");
}

}  // namespace

Result<Endpoint> Swap::forward(const Region& region, const std::string& cluster,
                               const std::string& operation_id) {
  TRY(world::make_directories(Layout(region).cluster(cluster), 0755));
  const auto guard = TRY(world::FileLock::wait(Layout(region).cluster(cluster) + "/swap.guard"));
  Instance instance = TRY(read_instance(region, operation_id));
  TRY(check_verified(instance, cluster));
  const auto serving = serving_operation(region, cluster);
  if (serving != operation_id) {
    // What is replaced must be known for certain before it is.
    instance.replaces = serving.value_or("");
    instance.keep_until = std::nullopt;
    TRY(write_instance(instance));
    TRY(lead_to(region, cluster, operation_id));
  }
  TRY(record(region, cluster, instance.replaces, operation_id));
  world::moment("swap:recorded");
  if (!instance.replaces.empty()) TRY(retire(region, cluster, instance.replaces));
  world::moment("swap:done");
  TRY(let_up(region, cluster));
  return endpoints_.ensure(region, cluster);
}

Result<Endpoint> Swap::back(const Region& region, const std::string& cluster,
                            const std::string& operation_id) {
  const auto guard = TRY(world::FileLock::wait(Layout(region).cluster(cluster) + "/swap.guard"));
  const Instance instance = TRY(read_instance(region, operation_id));
  const auto serving = serving_operation(region, cluster);
  const bool is_back = !instance.replaces.empty() && serving == instance.replaces;
  if (serving != operation_id && !is_back) {
    return Error(ErrorCode::conflict,
                 concat("operation ", operation_id, " does not serve ", cluster, " in ",
                        region.name, serving ? ", operation " + *serving + " does" : ""));
  }
  if (!is_back) {
    TRY(check_can_go_back(region, instance, clock_.now()));
    TRY(lead_to(region, cluster, instance.replaces));
    Instance old = TRY(read_instance(region, instance.replaces));
    old.keep_until = std::nullopt;
    TRY(write_instance(old));
  }
  TRY(record(region, cluster, operation_id, instance.replaces));
  TRY(retire(region, cluster, operation_id));
  TRY(let_up(region, cluster));
  return endpoints_.ensure(region, cluster);
}

Result<void> Swap::lead_to(const Region& region, const std::string& cluster,
                           const std::string& operation_id) {
  const world::Cancellation never;
  InstanceServer server(settings_, processes_, TRY(read_instance(region, operation_id)));
  TRY(endpoints_.ensure(region, cluster));
  world::moment("swap:before");
  TRY(server.start(never));
  TRY(server.open_logins(never));
  TRY(server.answer(never));
  world::moment("swap:opened");
  TRY(world::replace_symlink_atomically("../../instances/" + operation_id,
                                        Layout(region).cluster(cluster) + "/current"));
  world::moment("swap:renamed");
  return {};
}

Result<void> Swap::record(const Region& region, const std::string& cluster, const std::string& from,
                          const std::string& to) {
  const std::string path = Layout(region).cluster(cluster) + "/history.jsonl";
  if (const auto text = world::read_file(path)) {
    const auto lines = split(trim(*text), '\n');
    const auto last = json::parse(lines.back());
    if (last && last->string_at("to") == to && last->string_at("from").value_or("") == from) {
      return {};
    }
  }
  const json::Value line =
      json::Value::object({{"at", format_instant(clock_.now())},
                           {"from", from.empty() ? json::Value() : json::Value(from)},
                           {"to", to}});
  return world::append_line_durably(path, json::write(line), 0644);
}

Result<void> Swap::retire(const Region& region, const std::string& cluster,
                          const std::string& operation_id) {
  CHECK(serving_operation(region, cluster) != operation_id);
  auto kept = read_instance(region, operation_id);
  // Its grace time may be over and its files gone when a swap is repeated.
  if (!kept && kept.error().code() == ErrorCode::not_found) return {};
  if (!kept) return std::move(kept).error();
  if (kept->phase != "replaced" || !kept->keep_until) {
    kept->phase = "replaced";
    kept->keep_until = clock_.now() + settings_.grace;
    TRY(write_instance(*kept));
  }
  InstanceServer server(settings_, processes_, *kept);
  if (!server.server().is_running()) return {};
  world::Cancellation().wait_for(settle_time);
  return server.stop();
}

}  // namespace pawl::restore
