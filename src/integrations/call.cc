#include "integrations/call.h"

#include "base/text.h"
#include "json/write.h"

namespace pawl::integrations {

using json::Value;

Value with_metadata(const Value& output, const http::Response& response) {
  Value::Object all, single;
  for (const auto& [name, value] : response.headers) {
    all.push_back({name, Value::array({value})});
    single.push_back({name, value});
  }
  const auto how = Value::object({{"AllHttpHeaders", std::move(all)},
                                  {"HttpHeaders", std::move(single)},
                                  {"HttpStatusCode", response.status}});
  const auto whose = Value::object({{"RequestId", header_of(response, "x-amzn-RequestId")}});
  return output.with("SdkHttpMetadata", how).with("SdkResponseMetadata", whose);
}

std::string_view header_of(const http::Response& response, std::string_view name) {
  for (const http::Header& header : response.headers)
    if (lower(header.name) == lower(name)) return header.value;
  return {};
}

Value as_text(const Value& value) { return value.is_string() ? value : Value(json::write(value)); }

}  // namespace pawl::integrations
