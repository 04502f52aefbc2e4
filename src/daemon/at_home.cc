#include "base/text.h"
#include "daemon/shipped_pipelines.h"

namespace pawl::daemon {

std::string at_home(std::string definition, const std::string& region, const std::string& account) {
  return replace_all(definition,
                     ":us-east-1:000000000000:", concat(":", region, ":", account, ":"));
}

}  // namespace pawl::daemon
