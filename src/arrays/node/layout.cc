#include "arrays/node/layout.h"

#include "arrays/node/checksum.h"
#include "base/text.h"

namespace pawl::arrays {
namespace {

constexpr size_t escaped_bytes_max = 180, kept_of_long_ones = 100;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

}  // namespace

std::string_view name(Layout layout) { return layout == Layout::bundle ? "bundle" : "files"; }

std::string bundle_name(std::string_view what) { return concat(what, ".jsonl"); }

std::string file_name(std::string_view what, std::string_view id) {
  return concat(what, "/", escape(id), ".json");
}

std::string escape(std::string_view id) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (size_t at = 0; at < id.size(); ++at) {
    const auto byte = static_cast<unsigned char>(id[at]);
    if (is_plain(id[at]) && (at > 0 || id[at] != '.')) {
      out += id[at];
    } else {
      out += {'=', digits[byte >> 4], digits[byte & 15]};
    }
  }
  if (out.size() <= escaped_bytes_max) return out;
  return concat(std::string_view(out).substr(0, kept_of_long_ones), "==", checksum(id));
}

std::string node_directory(std::string_view run_directory, int64_t node) {
  return concat(run_directory, "/", node);
}

}  // namespace pawl::arrays
