#include "base/text.h"
#include "restore/steps/steps.h"
#include "restore/users/users.h"

namespace pawl::restore::steps {
namespace {

void append(Done& done, Done&& more) {
  done.message += "; " + more.message;
  for (json::Value::Member& member : more.members) done.members.push_back(std::move(member));
  for (json::Value::Member& member : more.warnings) done.warnings.push_back(std::move(member));
}

}  // namespace

Result<Done> setup_db_users(Step& step) {
  const std::vector<User> users = TRY(wanted_users(step.services.settings, step.request.cluster));
  TRY(wait_for_restore(step));
  const auto rights_left = TRY(step.services.provider.set_up_users(
      step.request.operation_id, step.request.target_region, users));
  json::Value::Array names;
  for (const User& user : users) names.emplace_back(user.name);
  Done done{concat(users.size(), " users are set up"), {{"users_created", std::move(names)}}};
  if (!rights_left.empty()) done.warn("public_rights", join(rights_left, "; "));
  if (step.request.text("publish") == "explicit") return done;
  Done verified = TRY(verify_restore(step));
  if (verified.failure) return verified;
  append(done, std::move(verified));
  append(done, TRY(swap_cluster(step)));
  return done;
}

}  // namespace pawl::restore::steps
