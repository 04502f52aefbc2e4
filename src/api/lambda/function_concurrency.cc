#include "api/lambda/configuration.h"
#include "api/shape.h"
#include "base/text.h"

namespace pawl::api::lambda {
namespace {

using json::Value;

Value shown(int concurrency) {
  return Value::object({{"ReservedConcurrentExecutions", concurrency}});
}

}  // namespace

Result<Reply> put_function_concurrency(const Asked& asked) {
  static constexpr Member members[] = {{.name = "reservedConcurrentExecutions",
                                        .kind = Kind::number,
                                        .is_required = true,
                                        .least = 0,
                                        .most = 1'000'000}};
  const auto definition = TRY(changeable(asked));
  TRY(check_shape(asked.input, members));
  auto* host = TRY(host_of(asked));
  const int wanted = static_cast<int>(asked.input["reservedConcurrentExecutions"].integer());
  const auto account = host->account();
  const int left = account.unreserved + definition->reserved_concurrency.value_or(0) - wanted;
  if (left < account.unreserved_min)
    return invalid_parameter(
        concat("Specified ReservedConcurrentExecutions for function decreases account's "
               "UnreservedConcurrentExecution below its minimum value of [",
               account.unreserved_min, "]."));
  TRY(host->reserve(asked.function.name, wanted));
  return Reply{200, shown(wanted)};
}

Result<Reply> get_function_concurrency(const Asked& asked) {
  const auto definition = TRY(changeable(asked));
  const auto reserved = definition->reserved_concurrency;
  return Reply{200, reserved ? shown(*reserved) : Value::object()};
}

Result<Reply> delete_function_concurrency(const Asked& asked) {
  TRY(changeable(asked));
  TRY(TRY(host_of(asked))->reserve(asked.function.name, std::nullopt));
  return Reply{204, {}};
}

Result<Reply> get_account_settings(const Asked& asked) {
  auto* host = TRY(host_of(asked));
  const auto account = host->account();
  uint64_t code_bytes = 0;
  const auto definitions = host->all();
  for (const auto& definition : definitions) code_bytes += definition->code.bytes;
  const Value limit = Value::object({{"ConcurrentExecutions", account.concurrency},
                                     {"UnreservedConcurrentExecutions", account.unreserved}});
  const Value usage =
      Value::object({{"TotalCodeSize", code_bytes}, {"FunctionCount", definitions.size()}});
  return Reply{200, Value::object({{"AccountLimit", limit}, {"AccountUsage", usage}})};
}

}  // namespace pawl::api::lambda
