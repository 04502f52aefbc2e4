#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "world/files.h"

namespace pawl::world {

// For files that many short lives write: a real disk would only take time.
inline std::string memory_or_temporary_directory() {
  const std::string memory = "/dev/shm";
  return ::access(memory.c_str(), W_OK) == 0 ? memory : ::testing::TempDir();
}

// A directory of a test's own, gone with it.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::string& parent = ::testing::TempDir())
      : path_(parent + (parent.ends_with('/') ? "" : "/") + "pawl-XXXXXX") {
    CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { EXPECT_TRUE(remove_tree(path_)); }

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace pawl::world
