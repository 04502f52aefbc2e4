#include "restore/questions/asked.h"

#include "restore/known.h"
#include "restore/layout.h"

namespace pawl::restore::questions {
namespace {

std::string text_or(const json::Value& event, std::initializer_list<const char*> names,
                    const std::string& fallback) {
  for (const char* name : names) {
    if (auto text = event.string_at(name)) return std::move(*text);
  }
  return fallback;
}

}  // namespace

Result<Asked> read_asked(const Settings& settings, const json::Value& event) {
  Asked asked;
  asked.cluster = text_or(event, {"cluster_name", "source_cluster_id"}, "");
  TRY(check_cluster_name(asked.cluster));
  // A cluster that has left the configuration still has its snapshots, where they are named.
  std::string source = text_or(event, {"source_region"}, "");
  if (source.empty()) source = TRY(known_cluster(settings, asked.cluster))->region;
  asked.target_cluster = text_or(event, {"target_cluster", "target_cluster_id"}, asked.cluster);
  TRY(check_target_name(settings, asked.target_cluster));
  asked.date = text_or(event, {"snapshot_date", "target_date"}, "latest");
  TRY(check_snapshot_date(asked.date));
  asked.source = *TRY(known_region(settings, source));
  asked.target = *TRY(known_region(settings, text_or(event, {"target_region"}, source)));
  return asked;
}

}  // namespace pawl::restore::questions
