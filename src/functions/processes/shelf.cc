#include "functions/processes/shelf.h"

#include <algorithm>

#include "base/hash.h"
#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "world/files.h"
#include "world/moment.h"
#include "world/os_clock.h"

namespace pawl::functions::processes {
namespace {

// As the service shows it: the digest's bytes in base64.
std::string shown_digest(std::string_view hexadecimal) {
  std::string bytes;
  for (size_t at = 0; at + 1 < hexadecimal.size(); at += 2)
    bytes += static_cast<char>(std::stoi(std::string(hexadecimal.substr(at, 2)), nullptr, 16));
  return base64(bytes);
}

}  // namespace

Result<std::vector<Definition>> Shelf::load() {
  std::vector<Definition> definitions;
  TRY(world::make_directories(directory_, 0755));
  for (const std::string& name : TRY(world::list_directory(directory_))) {
    const std::string file = concat(folder(name), "/function.json");
    if (!world::exists(file)) {
      TRY(world::remove_tree(folder(name)));
      continue;
    }
    auto definition = definition_from(TRY(json::parse(TRY(world::read_file(file)))));
    if (!definition) return std::move(definition).error().within(file);
    keep_only(name, {definition->code.place});
    definitions.push_back(*std::move(definition));
  }
  return definitions;
}

Result<void> Shelf::save(const Definition& definition) {
  const std::string place = folder(definition.name);
  TRY(world::make_directories(place, 0755));
  TRY(world::sync_directory(directory_));
  return world::write_file_atomically(place + "/function.json",
                                      json::write_pretty(to_json(definition)) + "\n", 0600);
}

Result<void> Shelf::forget(const std::string& name) {
  TRY(world::remove_file(folder(name) + "/function.json"));
  return {};
}

Result<void> Shelf::clear(const std::string& name) { return world::remove_tree(folder(name)); }

Result<ReadyCode> Shelf::make_ready(const CodeSource& source, const MayGoOn& may_go_on) const {
  if (source.kind != Code::Kind::archive)
    return ReadyCode({source.kind, source.place, shown_digest(pawl::sha256(source.place)), 0}, "");
  const std::string digest = pawl::sha256(source.bytes);
  world::OsRandom random;
  const std::string fresh = concat(directory_, "/.unpacked/", world::make_uuid(random));
  ReadyCode ready({source.kind, digest, shown_digest(digest), source.bytes.size()}, fresh);
  TRY(world::make_directories(fresh, 0755));
  world::moment("code_unpacking");
  TRY(unpack(source.bytes, fresh, may_go_on));
  TRY(may_go_on());
  return ready;
}

ReadyCode::~ReadyCode() {
  if (directory_.empty()) return;
  if (const auto removed = world::remove_tree(directory_); !removed)
    log(LogLevel::warning, "code that no function has stays behind until the next start",
        {{"error", removed.error().text()}});
}

Result<Code> Shelf::place(const std::string& name, ReadyCode& ready) {
  const std::string codes = folder(name) + "/code", target = concat(codes, "/", ready.code_.place);
  if (ready.directory_.empty() || world::exists(target)) return ready.code_;
  TRY(world::make_directories(codes, 0755));
  if (::rename(ready.directory_.c_str(), target.c_str()) != 0)
    return errno_error(concat("cannot rename ", ready.directory_, " to ", target), errno);
  ready.directory_.clear();
  TRY(world::sync_directory(codes));
  TRY(world::sync_directory(folder(name)));
  return ready.code_;
}

void Shelf::keep_only(const std::string& name, const std::vector<std::string>& places) {
  const std::string codes = folder(name) + "/code";
  if (!world::exists(codes)) return;
  const auto there = world::list_directory(codes);
  if (!there) return;
  for (const std::string& place : *there) {
    if (std::find(places.begin(), places.end(), place) != places.end()) continue;
    if (const auto removed = world::remove_tree(concat(codes, "/", place)); !removed)
      log(LogLevel::warning, "old code of a function stays behind",
          {{"function", name}, {"error", removed.error().text()}});
  }
}

std::string Shelf::task_root(const Definition& definition) const {
  switch (definition.code.kind) {
    case Code::Kind::archive:
      return concat(folder(definition.name), "/code/", definition.code.place);
    case Code::Kind::directory:
      return definition.code.place;
    case Code::Kind::command:
      return folder(definition.name);
  }
  return {};
}

std::string Shelf::folder(std::string_view name) const { return concat(directory_, "/", name); }

}  // namespace pawl::functions::processes
