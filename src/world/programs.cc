#include "world/programs.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

namespace pawl::world {

std::string search_path() {
  const char* path = ::getenv("PATH");
  return path ? path : "/usr/local/bin:/usr/bin:/bin";
}

std::vector<std::string> programs_named(std::string_view name) {
  std::vector<std::string> found;
  const std::string path = search_path();
  for (const std::string_view folder : split(path, ':')) {
    std::string file = concat(folder.empty() ? "." : folder, "/", name);
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
        ::access(file.c_str(), X_OK) == 0)
      found.push_back(std::move(file));
  }
  return found;
}

}  // namespace pawl::world
