#include "restore/layout.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::restore {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

std::string Layout::snapshot(std::string_view cluster, std::string_view date) const {
  return concat(root, "/snapshots/", cluster, "/", date);
}
std::string Layout::archive(std::string_view cluster) const {
  return concat(root, "/archive/", cluster);
}
std::string Layout::cluster(std::string_view cluster) const {
  return concat(root, "/clusters/", cluster);
}
std::string Layout::socket(std::string_view name) const { return cluster(name) + "/socket"; }
std::string Layout::instance(std::string_view operation_id) const {
  return concat(root, "/instances/", operation_id);
}
std::string Layout::operation(std::string_view operation_id) const {
  return concat(root, "/operations/", operation_id);
}
std::string Layout::batch(std::string_view batch_id) const {
  return concat(root, "/batches/", batch_id, ".json");
}

Result<void> check_cluster_name(std::string_view name) {
  const bool fits = !name.empty() && name.size() <= 63 && name.front() != '-' &&
                    name.back() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
                      return is_letter_or_digit(c) || c == '-';
                    });
  if (fits) return {};
  return Error(ErrorCode::invalid_argument,
               concat("cluster name \"", name, "\" is not 1 to 63 letters, digits and hyphens"));
}

Result<void> check_operation_id(std::string_view id) {
  const bool fits = !id.empty() && id.size() <= 128 && id.front() != '.' &&
                    std::all_of(id.begin(), id.end(), [](char c) {
                      return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
                    });
  if (fits) return {};
  return Error(ErrorCode::invalid_argument,
               concat("operation id \"", id, "\" is not 1 to 128 letters, digits, '-', '_', '.'"));
}

}  // namespace pawl::restore
