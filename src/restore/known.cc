#include "restore/known.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "base/time.h"
#include "restore/layout.h"

namespace pawl::restore {
namespace {

template <typename Named>
std::vector<std::string> names_of(const std::map<std::string, Named>& all) {
  std::vector<std::string> names;
  for (const auto& [name, unused] : all) names.push_back(name);
  return names;
}

// As AWS names them: "eu-central-1", "us-gov-west-1".
bool looks_like_a_region(std::string_view name) {
  constexpr std::string_view areas[] = {"af", "ap", "ca", "cn", "eu", "il", "me", "mx", "sa", "us"};
  const auto pieces = split(name, '-');
  return pieces.size() >= 3 && parse_integer(pieces.back()).has_value() &&
         std::find(std::begin(areas), std::end(areas), pieces[0]) != std::end(areas);
}

template <typename Named>
Result<const Named*> known(const std::map<std::string, Named>& all, std::string_view kind,
                           const std::string& name) {
  const auto found = all.find(name);
  if (found != all.end()) return &found->second;
  const std::vector<std::string> names = names_of(all);
  const auto meant = nearest(name, names);
  std::string hint = names.empty() ? concat("The server's configuration has no ", kind, ".")
                                   : concat("The configuration has ", join(names, ", "), ".");
  if (meant) hint = concat("Did you mean \"", *meant, "\"? ", hint);
  return Error(ErrorCode::not_found, concat("no ", kind, " \"", name, "\""), std::move(hint));
}

}  // namespace

Result<const Cluster*> known_cluster(const Settings& settings, const std::string& name) {
  return known(settings.clusters, "cluster", name);
}

Result<const Region*> known_region(const Settings& settings, const std::string& name) {
  return known(settings.regions, "region", name);
}

Result<void> check_snapshot_date(const std::string& date) {
  if (date == "latest" || is_date(date)) return {};
  return Error(ErrorCode::invalid_argument,
               concat("snapshot date \"", date, "\" is neither YYYY-MM-DD nor latest"));
}

Result<const Region*> home_region(const Settings& settings) {
  if (settings.regions.empty()) {
    return Error(ErrorCode::invalid_argument, "the configuration has no region");
  }
  const auto found = settings.regions.find(settings.home_region);
  return found != settings.regions.end() ? &found->second : &settings.regions.begin()->second;
}

bool is_copy_at_target(const Settings& settings, const Way& way) {
  const auto cluster = settings.clusters.find(way.cluster);
  const bool is_home =
      cluster != settings.clusters.end() && cluster->second.region == way.target_region;
  return way.source_region != way.target_region && !is_home;
}

Result<void> check_target_name(const Settings& settings, const std::string& name) {
  TRY(check_cluster_name(name));
  if (settings.clusters.contains(name)) return {};
  const bool is_known = settings.regions.contains(name);
  if (!is_known && !looks_like_a_region(name)) return {};
  return Error(ErrorCode::invalid_argument,
               concat("target cluster \"", name, "\" is the name of a region",
                      is_known ? "" : ", which the configuration does not have"),
               concat("A target is a cluster to restore onto; the region to restore into is given "
                      "by --to (target_region), and is one of ",
                      join(names_of(settings.regions), ", "), "."));
}

}  // namespace pawl::restore
