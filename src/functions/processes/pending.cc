#include "functions/processes/pending.h"

#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

constexpr int failures_max = 3;
constexpr Duration age_max = hours(6), throttle_delay_max = minutes(5);

}  // namespace

Result<void> Host::save(const Pending& pending) {
  return world::write_file_atomically(
      pending.file,
      json::write(json::Value::object({{"payload", pending.event.payload},
                                       {"client_context", pending.event.client_context},
                                       {"received", format_instant(pending.received)},
                                       {"failures", pending.failures}})),
      0600);
}

Result<void> Host::accept(const std::string& name, Event event) {
  const std::string events = shelf_.folder(name) + "/events";
  auto pending = std::make_shared<Pending>();
  pending->function = name;
  pending->received = clock_.now();
  pending->file = concat(events, "/", event.id, ".json");
  pending->event = std::move(event);
  {
    const std::lock_guard lock(shelf_mutex_);
    if (!find(name)) return Error(ErrorCode::not_found, concat("Function not found: ", name));
    TRY(world::make_directories(events, 0755));
    TRY(save(*pending));
  }
  attempt(pending);
  return {};
}

void Host::take_up_pending(const std::string& name) {
  const std::string events = shelf_.folder(name) + "/events";
  const auto files = world::list_directory(events);
  if (!files) return;
  for (const std::string& file : *files) {
    const std::string path = concat(events, "/", file);
    const auto text = world::read_file(path);
    const auto value = text ? json::parse(*text) : Result<json::Value>(text.error());
    const bool is_whole = file.ends_with(".json") && value && value->is_object();
    if (!is_whole) continue;
    auto pending = std::make_shared<Pending>();
    pending->function = name;
    pending->event = {file.substr(0, file.size() - 5), value->string_at("payload").value_or("{}"),
                      value->string_at("client_context").value_or("")};
    pending->received =
        parse_instant(value->string_at("received").value_or("")).value_or(clock_.now());
    pending->failures = static_cast<int>(value->integer_at("failures").value_or(0));
    pending->file = path;
    attempt(pending);
  }
}

void Host::attempt(const std::shared_ptr<Pending>& pending) {
  invoke(pending->function, pending->event, [this, pending](const Answer& answer) {
    if (answer.kind != Answer::Kind::stopping)
      later_.add([this, pending, answer] { after_attempt(pending, answer); });
  });
}

void Host::after_attempt(const std::shared_ptr<Pending>& pending, const Answer& answer) {
  using Kind = Answer::Kind;
  const auto again_after = [&](Duration delay) {
    later_.add_after(delay, [this, pending] { attempt(pending); });
  };
  const bool is_old = clock_.now() - pending->received > age_max;
  if (answer.kind == Kind::throttled && !is_old) {
    const Duration delay = pending->throttle_delay;
    pending->throttle_delay = std::min<Duration>(2 * delay, throttle_delay_max);
    return again_after(delay);
  }
  if (answer.kind == Kind::error && ++pending->failures < failures_max && !is_old) {
    if (const auto saved = save(*pending); !saved)
      log(LogLevel::warning, "a failed call of a function is not counted",
          {{"function", pending->function}, {"error", saved.error().text()}});
    return again_after(settings_.retry_delay * pending->failures);
  }
  if (answer.kind != Kind::result && answer.kind != Kind::not_found)
    log(LogLevel::warning, "a call of a function is given up",
        {{"function", pending->function},
         {"request", pending->event.id},
         {"answer", answer.payload}});
  if (const auto removed = world::remove_file(pending->file); !removed)
    log(LogLevel::warning, "an event stays behind and is handed over again by the next server",
        {{"function", pending->function}, {"error", removed.error().text()}});
}

}  // namespace pawl::functions::processes
