#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/text/number_text.h"

namespace pawl::asl::jsonata {
namespace {

int places_of(double number) {
  constexpr double places_max = 400;
  return static_cast<int>(std::clamp(std::trunc(number), -places_max, places_max));
}

Answer number(Call& call) {
  if (!call.has(0) || call[0].is_number()) return call[0];
  if (call[0].is_boolean()) return call[0].is_true() ? 1.0 : 0.0;
  if (call[0].is_string())
    if (const auto read = read_number(call[0].text())) return *read;
  return call.fail(Fault("D3030").with("value", shown(call[0])).with_index(1));
}

Answer abs(Call& call) { return call.has(0) ? Answer(std::abs(call[0].number())) : Item(); }
Answer floor(Call& call) { return call.has(0) ? Answer(std::floor(call[0].number())) : Item(); }
Answer ceil(Call& call) { return call.has(0) ? Answer(std::ceil(call[0].number())) : Item(); }

Answer round(Call& call) {
  if (!call.has(0)) return Item();
  return round_half_even(call[0].number(), call.has(1) ? places_of(call[1].number()) : 0);
}

Answer sqrt(Call& call) {
  if (!call.has(0)) return Item();
  if (call[0].number() < 0)
    return call.fail(Fault("D3060").with("value", shown(call[0])).with_index(1));
  return std::sqrt(call[0].number());
}

Answer power(Call& call) {
  if (!call.has(0)) return Item();
  const double exponent = call.has(1) ? call[1].number() : std::nan("");
  const double result = std::pow(call[0].number(), exponent);
  if (std::isfinite(result)) return result;
  return call.fail(
      Fault("D3061").with("value", shown(call[0])).with("exp", shown(call[1])).with_index(1));
}

Answer random(Call& call) { return static_cast<double>(call.run.random() >> 11) * 0x1.0p-53; }

Answer format_base(Call& call) {
  if (!call.has(0)) return Item();
  const double base = call.has(1) ? round_half_even(call[1].number(), 0) : 10;
  if (base < 2 || base > 36) return call.fail(Fault("D3100").with("value", number_text(base)));
  return call.text(number_in_base(round_half_even(call[0].number(), 0), static_cast<int>(base)));
}

}  // namespace

std::span<const FunctionRow> number_functions() {
  static constexpr FunctionRow rows[] = {
      {"number", "<(nsb)-:n>", 1, number}, {"abs", "<n-:n>", 1, abs},
      {"floor", "<n-:n>", 1, floor},       {"ceil", "<n-:n>", 1, ceil},
      {"round", "<n-n?:n>", 2, round},     {"sqrt", "<n-:n>", 1, sqrt},
      {"power", "<n-n:n>", 2, power},      {"formatBase", "<n-n?:s>", 2, format_base},
      {"random", "<:n>", 0, random},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
