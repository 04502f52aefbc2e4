#include "cli/confirm.h"

#include <unistd.h>

#include <iostream>

#include "base/text.h"

namespace pawl::cli {

Result<void> confirm(const Session& session, const std::string& warning, const std::string& word) {
  if (!isatty(STDIN_FILENO)) {
    return Error(ErrorCode::permission_denied, "this must be confirmed",
                 "Add --yes where nobody can be asked.");
  }
  session.terminal.say(concat(warning, "\nType ", word, " to go on: "));
  std::string typed;
  std::getline(std::cin, typed);
  if (trim(typed) == word) return {};
  return Error(ErrorCode::cancelled, "nothing was changed");
}

}  // namespace pawl::cli
