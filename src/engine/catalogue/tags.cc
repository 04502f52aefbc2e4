#include <algorithm>

#include "engine/limits.h"
#include "engine/loop.h"
#include "engine/names.h"
#include "engine/service_errors.h"

namespace pawl::engine {

Result<void> Engine::Loop::put_tags(const std::string& arn, std::vector<store::Tag> tags,
                                    const std::vector<store::Tag>& set) {
  for (const store::Tag& tag : set) {
    const auto same = std::find_if(tags.begin(), tags.end(),
                                   [&](const auto& each) { return each.key == tag.key; });
    if (same == tags.end())
      tags.push_back(tag);
    else
      same->value = tag.value;
  }
  if (tags.size() > tags_max) return too_many_tags(arn);
  change_catalogue(store::PutTags{arn, std::move(tags)});
  return {};
}

Result<void> Engine::Loop::carry(ChangeTags request) {
  const bool is_machine = TRY(find_machine(request.arn)) != nullptr;
  if (!is_machine && !TRY(store.activity(request.arn))) return resource_not_found(request.arn);
  std::vector<store::Tag> tags = TRY(store.tags(request.arn));
  for (const std::string& key : request.removed)
    std::erase_if(tags, [&](const store::Tag& tag) { return tag.key == key; });
  return put_tags(request.arn, std::move(tags), request.set);
}

}  // namespace pawl::engine
