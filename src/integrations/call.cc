#include "integrations/call.h"

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
  const auto whose = Value::object({{"RequestId", response.header("x-amzn-RequestId")}});
  return output.with("SdkHttpMetadata", how).with("SdkResponseMetadata", whose);
}

Value as_text(const Value& value) { return value.is_string() ? value : Value(json::write(value)); }

}  // namespace pawl::integrations
