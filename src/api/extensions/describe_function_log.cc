#include <algorithm>

#include "api/extensions/actions.h"
#include "api/fields.h"
#include "base/text.h"
#include "base/utf8.h"
#include "functions/processes/log_file.h"

namespace pawl::api::extensions {
namespace {

constexpr int64_t bytes_usual = 64 << 10, bytes_max = 1 << 20;

}  // namespace

void describe_function_log(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  const std::string name = text_of(input, "functionName");
  auto* host = rooms.functions.host();
  if (rooms.functions.registry().find(name))
    return answer(
        Error(ErrorCode::invalid_argument,
              concat("ValidationException: the function ", name,
                     " is built in and has no log of its own: its lines are in the server's")));
  if (!host || !host->find(name))
    return answer(Error(ErrorCode::not_found,
                        concat("ResourceNotFoundException: Function not found: ", name)));
  const auto bytes =
      std::clamp<int64_t>(input.integer_at("bytes").value_or(bytes_usual), 0, bytes_max);
  auto text = functions::processes::end_of_log(host->log_path(name), static_cast<size_t>(bytes));
  if (!text) return answer(std::move(text).error());
  answer(json::Value::object({{"functionName", name}, {"log", with_replacements(*text)}}));
}

}  // namespace pawl::api::extensions
