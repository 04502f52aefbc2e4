#include "jobs/jobs.h"

#include "base/text.h"

namespace pawl::jobs {

Jobs::Jobs(Gates gates) : gates_(std::move(gates)) {}
Jobs::~Jobs() = default;

Target Jobs::find(std::string_view id) const {
  const auto colon = id.find(':');
  const auto number = by_id_.find(std::string(id.substr(0, colon)));
  if (number == by_id_.end()) return {};
  const Job* job = jobs_.at(number->second).get();
  if (colon == id.npos) return {job, std::nullopt};
  const auto index = parse_integer(id.substr(colon + 1));
  if (!index || *index < 0 || *index >= job->specification.size) return {};
  return {job, static_cast<int32_t>(*index)};
}

const Job* Jobs::job_of_token(const std::string& token) const {
  const auto number = by_token_.find(token);
  return number == by_token_.end() ? nullptr : job(number->second);
}

const Job* Jobs::job(int64_t number) const {
  const auto found = jobs_.find(number);
  return found == jobs_.end() ? nullptr : found->second.get();
}

std::vector<Change> Jobs::take_changes() { return std::exchange(changes_, {}); }
std::vector<Effect> Jobs::take_effects() {
  starts_.clear();
  return std::exchange(effects_, {});
}

}  // namespace pawl::jobs
