#include "api/extensions/actions.h"

namespace pawl::api::extensions {

std::span<const ActionRow> actions() {
  static constexpr ActionRow rows[] = {{"DescribeActivities", describe_activities}};
  return rows;
}

}  // namespace pawl::api::extensions
