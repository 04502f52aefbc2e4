#include "restore/questions/shared_blocks.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "world/files.h"

namespace pawl::restore::questions {

bool may_share_blocks(const std::string& source, const std::string& target) {
  const auto from = world::open_file(source, O_TMPFILE | O_RDWR, "cannot write in");
  const auto to = world::open_file(target, O_TMPFILE | O_RDWR, "cannot write in");
  return from && to && ::write(from->number(), "pawl", 4) == 4 &&
         ::ioctl(to->number(), FICLONE, from->number()) == 0;
}

}  // namespace pawl::restore::questions
