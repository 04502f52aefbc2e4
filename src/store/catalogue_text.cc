#include "store/catalogue_text.h"

#include "json/parse.h"
#include "json/write.h"

namespace pawl::store {
namespace {

using json::Value;

// The pairs of a list; error where they are not all of that kind.
Result<Value> read_pairs(std::string_view text, json::Kind kind) {
  const Error corrupt(ErrorCode::corrupt, "a list in the catalogue is malformed");
  const auto parsed = json::parse(text);
  if (!parsed.has_value() || !parsed->is_array()) return corrupt;
  for (const Value& pair : parsed->elements()) {
    if (!pair.is_array() || pair.size() != 2) return corrupt;
    for (const Value& each : pair.elements())
      if (each.kind() != kind) return corrupt;
  }
  return *parsed;
}

}  // namespace

std::string text_of(const std::vector<Tag>& tags) {
  Value::Array pairs;
  for (const Tag& tag : tags) pairs.push_back(Value::Array{tag.key, tag.value});
  return json::write(Value(std::move(pairs)));
}

std::string text_of(const std::vector<Route>& routes) {
  Value::Array pairs;
  for (const Route& route : routes) pairs.push_back(Value::Array{route.version, route.weight});
  return json::write(Value(std::move(pairs)));
}

Result<std::vector<Tag>> read_tags(std::string_view text) {
  const Value pairs = TRY(read_pairs(text, json::Kind::string));
  std::vector<Tag> tags;
  for (const Value& pair : pairs.elements())
    tags.push_back(
        {std::string(pair.elements()[0].string()), std::string(pair.elements()[1].string())});
  return tags;
}

Result<std::vector<Route>> read_routes(std::string_view text) {
  const Value pairs = TRY(read_pairs(text, json::Kind::integer));
  std::vector<Route> routes;
  for (const Value& pair : pairs.elements())
    routes.push_back({pair.elements()[0].integer(), pair.elements()[1].integer()});
  return routes;
}

}  // namespace pawl::store
