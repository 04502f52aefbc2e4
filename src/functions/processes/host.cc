#include "functions/processes/host.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "base/log.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::functions::processes {
namespace {

Error not_there(const std::string& name) {
  return Error(ErrorCode::not_found, concat("Function not found: ", name));
}

}  // namespace

Host::Host(std::string directory, Settings settings)
    : shelf_(std::move(directory)),
      settings_(std::move(settings)),
      groups_(shelf_.directory()),
      admission_(settings_.concurrency) {}

Result<std::unique_ptr<Host>> Host::open(const std::string& directory, Settings settings) {
  TRY(world::make_directories(directory, 0755));
  std::error_code error;
  const auto whole = std::filesystem::canonical(directory, error);
  if (error) return errno_error(concat("cannot find ", directory), error.value());
  std::unique_ptr<Host> host(new Host(whole, std::move(settings)));
  TRY(host->take_up());
  return host;
}

// What ran for an earlier server ends before anything is run again.
Result<void> Host::take_up() {
  end_marked(mark_of(shelf_.directory()));
  for (Definition& definition : TRY(shelf_.load())) publish(std::move(definition));
  epoll_ = world::FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
  wake_ = world::FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!epoll_.is_open() || !wake_.is_open())
    return errno_error("cannot watch processes of functions", errno);
  watch(wake_.number(), wake_watched_, EPOLLIN);
  loop_ = std::thread([this] { loop(); });
  for (const auto& definition : all()) take_up_pending(definition->name);
  return {};
}

Host::~Host() {
  drain();
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    wake();
  }
  if (loop_.joinable()) loop_.join();
}

Host::DefinitionPointer Host::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = fleets_.find(name);
  return found == fleets_.end() ? nullptr : found->second.definition;
}

std::vector<Host::DefinitionPointer> Host::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<DefinitionPointer> definitions;
  for (const auto& [name, fleet] : fleets_)
    if (fleet.definition) definitions.push_back(fleet.definition);
  return definitions;
}

// From now on calls go to processes of this definition.
Host::DefinitionPointer Host::publish(Definition definition) {
  const std::string name = definition.name;
  const auto published = std::make_shared<const Definition>(std::move(definition));
  in_turn([&] {
    Fleet& fleet = fleets_.try_emplace(name, nullptr, log_path(name)).first->second;
    fleet.definition = published;
    admission_.reserve(name, published->reserved_concurrency);
    retire_idle(fleet);
  });
  clear_code(name);
  return published;
}

void Host::do_later(Errands::Work work, Errands::Work refuse) {
  later_.ask(std::move(work), std::move(refuse));
}

void Host::unpack_later(Errands::Work work, Errands::Work refuse) {
  unpackings_.ask(std::move(work), std::move(refuse));
}

Result<ReadyCode> Host::make_ready(const CodeSource& code) const {
  return shelf_.make_ready(code, [this]() -> Result<void> {
    if (!breaks_off_) return {};
    return Error(ErrorCode::unavailable, "the server is stopping");
  });
}

Result<Host::DefinitionPointer> Host::create(Definition definition, ReadyCode code) {
  const std::lock_guard lock(shelf_mutex_);
  if (find(definition.name)) return name_is_taken(definition.name);
  auto placed = shelf_.place(definition.name, code);
  if (!placed) {
    TRY(shelf_.clear(definition.name));
    return std::move(placed).error();
  }
  definition.code = *std::move(placed);
  world::OsRandom random;
  definition.revision = world::make_uuid(random);
  definition.modified = clock_.now();
  TRY(shelf_.save(definition));
  return publish(std::move(definition));
}

Result<Host::DefinitionPointer> Host::update(const std::string& name, const Change& change) {
  const std::lock_guard lock(shelf_mutex_);
  const DefinitionPointer before = find(name);
  if (!before) return not_there(name);
  Definition definition = *before;
  TRY(change(definition));
  world::OsRandom random;
  definition.revision = world::make_uuid(random);
  definition.modified = clock_.now();
  TRY(shelf_.save(definition));
  return publish(std::move(definition));
}

Result<Host::DefinitionPointer> Host::update_code(const std::string& name, ReadyCode code,
                                                  const Change& change) {
  return update(name, [&](Definition& definition) -> Result<void> {
    TRY(change(definition));
    definition.code = TRY(shelf_.place(name, code));
    return {};
  });
}

Result<Host::DefinitionPointer> Host::reserve(const std::string& name,
                                              std::optional<int> concurrency) {
  const std::lock_guard lock(shelf_mutex_);
  const DefinitionPointer before = find(name);
  if (!before) return not_there(name);
  Definition definition = *before;
  definition.reserved_concurrency = concurrency;
  TRY(shelf_.save(definition));
  return publish(std::move(definition));
}

Result<void> Host::remove(const std::string& name) {
  const std::lock_guard lock(shelf_mutex_);
  if (!find(name)) return not_there(name);
  TRY(shelf_.forget(name));
  in_turn([&] {
    Fleet& fleet = fleets_.find(name)->second;
    fleet.definition = nullptr;
    while (!fleet.waiting.empty()) fail_first_waiting(fleet, {.kind = Answer::Kind::not_found});
    admission_.reserve(name, std::nullopt);
    fleet.log.close();
    retire_idle(fleet);
  });
  // A process that still runs may write there meanwhile; when it ends, this is done again.
  if (!shelf_.clear(name)) clear_code(name);
  return {};
}

void Host::clear_code(const std::string& name) {
  later_.add([this, name] {
    const std::lock_guard lock(shelf_mutex_);
    std::vector<std::string> places;
    bool is_removed = false;
    {
      const std::lock_guard state_lock(mutex_);
      const Fleet& fleet = fleets_.find(name)->second;
      // Who is being started may be of any; it comes by here when it ends.
      if (fleet.starting > 0) return;
      is_removed = !fleet.definition;
      if (!is_removed) places.push_back(fleet.definition->code.place);
      for (const auto& [pointer, process] : processes_)
        if (process->definition->name == name) places.push_back(process->definition->code.place);
    }
    if (!is_removed) return shelf_.keep_only(name, places);
    if (!places.empty()) return;
    if (const auto cleared = shelf_.clear(name); !cleared)
      log(LogLevel::warning, "a removed function leaves files behind until the next start",
          {{"function", name}, {"error", cleared.error().text()}});
  });
}

Host::Account Host::account() const {
  const std::lock_guard lock(mutex_);
  return {admission_.account_limit(), admission_.unreserved(), admission_.unreserved_min()};
}

void Host::set_account_concurrency(int calls) {
  const std::lock_guard lock(mutex_);
  admission_.set_account_limit(calls);
}

std::string Host::log_path(std::string_view name) const { return shelf_.folder(name) + "/log"; }

}  // namespace pawl::functions::processes
