#include "executors/local/attempt_name.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::executors {
namespace {

constexpr size_t job_id_bytes_max = 128;

std::optional<int32_t> small_number(std::string_view text) {
  const auto number = parse_integer(text);
  if (!number || *number < 0 || *number > INT32_MAX) return std::nullopt;
  return static_cast<int32_t>(*number);
}

bool may_stand_in_an_id(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= '0' && letter <= '9') || letter == '-';
}

}  // namespace

bool is_job_id(std::string_view text) {
  return !text.empty() && text.size() <= job_id_bytes_max &&
         std::ranges::all_of(text, may_stand_in_an_id);
}

std::string child_id(const Attempt& attempt) {
  return attempt.index ? concat(attempt.job_id, ":", *attempt.index) : attempt.job_id;
}

std::string to_name(const Attempt& attempt) {
  return concat(child_id(attempt), "#", attempt.number);
}

std::optional<Attempt> parse_name(std::string_view name) {
  Attempt attempt;
  const size_t hash = name.rfind('#');
  if (hash == std::string_view::npos) return std::nullopt;
  const auto number = small_number(name.substr(hash + 1));
  if (!number) return std::nullopt;
  attempt.number = *number;
  name = name.substr(0, hash);
  if (const size_t colon = name.find(':'); colon != std::string_view::npos) {
    attempt.index = small_number(name.substr(colon + 1));
    if (!attempt.index) return std::nullopt;
    name = name.substr(0, colon);
  }
  if (!is_job_id(name)) return std::nullopt;
  attempt.job_id = name;
  return attempt;
}

}  // namespace pawl::executors
