#include "execution/quotas.h"

#include "json/write.h"

namespace pawl::execution {

size_t bytes_as_text(const json::Value& value, size_t limit) {
  // Escapes make a text longer than it is taken for, short numbers make it shorter.
  constexpr size_t error_max = 8;
  const size_t about = value.text_size();
  const bool decides =
      limit <= service_data_bytes_max && about > limit / error_max && about < limit * error_max;
  return decides ? json::write(value).size() : about;
}

}  // namespace pawl::execution
