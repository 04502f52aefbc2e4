#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "functions/processes/definition.h"
#include "functions/processes/unpack.h"

namespace pawl::functions::processes {

// What a function's code is made from.
struct CodeSource {
  Code::Kind kind = Code::Kind::archive;
  std::string bytes;  // of the zip file
  std::string place;  // otherwise: the directory, the command line
};

// Code that may be put on the shelf: unpacked, where it is a zip file. What nobody puts there goes
// with it.
class ReadyCode {
 public:
  ReadyCode(Code code, std::string directory)
      : code_(std::move(code)), directory_(std::move(directory)) {}
  ReadyCode(ReadyCode&& other) noexcept
      : code_(std::move(other.code_)), directory_(std::exchange(other.directory_, {})) {}
  ~ReadyCode();

  const Code& code() const { return code_; }

 private:
  friend class Shelf;
  Code code_;
  std::string directory_;  // empty: there is nothing to be put anywhere
};

// The functions on the disk:
//
//   <directory>/.unpacked/<uuid>/…            a zip file's content that is no function's yet
//   <directory>/<name>/function.json          replaced as a whole
//   <directory>/<name>/code/<sha256>/…        unpacked; one for each content
//   <directory>/<name>/events/<id>.json       calls that nobody waits for (pending.h)
//   <directory>/<name>/log                    what the function has said (log_file.h)
//
// A function is there when its function.json is. One change at a time, but for what is unpacked.
class Shelf {
 public:
  explicit Shelf(std::string directory) : directory_(std::move(directory)) {}

  // What is there; what half a creation or a removal has left behind goes.
  Result<std::vector<Definition>> load();
  // Durably.
  Result<void> save(const Definition& definition);
  // Durably; what it had is still there, and goes with `clear`, or with the next `load`.
  Result<void> forget(const std::string& name);
  Result<void> clear(const std::string& name);

  // Takes its time. Any thread, also while something is changed. `may_go_on` is asked before each
  // file; what it says ends this, and nothing stays.
  Result<ReadyCode> make_ready(const CodeSource& source, const MayGoOn& may_go_on) const;
  // Puts code where functions are started from.
  Result<Code> place(const std::string& name, ReadyCode& code);
  // Removes all unpacked code of the function but that of these places.
  void keep_only(const std::string& name, const std::vector<std::string>& places);

  // Where the code is: a directory of ours or the user's; for a command the server's own.
  std::string task_root(const Definition& definition) const;
  std::string folder(std::string_view name) const;
  const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
};

}  // namespace pawl::functions::processes
