#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "json/write.h"

namespace pawl::engine {

Result<store::Activity> Engine::Loop::carry(CreateActivity request) {
  if (!is_valid_name(request.name)) return invalid_name(request.name);
  const std::string arn = activity_arn(options, request.name);
  const std::string settings =
      request.settings.size() == 0 ? std::string() : json::write(request.settings);
  if (auto known = TRY(store.activity(arn))) {
    if (known->settings == settings) return *std::move(known);
    return activity_already_exists(arn);
  }
  store::Activity activity{
      .arn = arn, .name = std::move(request.name), .settings = settings, .created = clock.now()};
  if (!request.tags.empty()) TRY(put_tags(arn, {}, request.tags));
  change_catalogue(store::PutActivity{activity});
  activities_changed[arn] = true;
  return activity;
}

Result<void> Engine::Loop::carry(DeleteActivity request) {
  if (!TRY(store.activity(request.arn))) return {};
  change_catalogue(store::DeleteActivity{request.arn});
  activities_changed[request.arn] = false;
  for (ActivityPolls::Poll& poll : polls.take_all(request.arn))
    turn.answer<ActivityTask>(std::move(poll.reply), activity_does_not_exist(request.arn));
  return {};
}

bool Engine::Loop::has_activity(const std::string& arn) {
  const auto changed = activities_changed.find(arn);
  if (changed != activities_changed.end()) return changed->second;
  const auto found = store.activity(arn);
  // What cannot be read now is not gone for that.
  return !found.has_value() || found->has_value();
}

}  // namespace pawl::engine
