#include <cmath>

#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/picture/integer_picture.h"
#include "asl/jsonata/picture/number_picture.h"

namespace pawl::asl::jsonata {
namespace {

Answer format_integer(Call& call) {
  if (!call.has(0)) return Item();
  const auto picture = IntegerPicture::analyse(call.has(1) ? call[1].text() : "");
  if (!picture) return call.fail(picture.error());
  auto text = picture->format(std::floor(call[0].number()));
  if (!text) return call.fail(std::move(text).error());
  return call.text(*text);
}

Answer parse_integer(Call& call) {
  if (!call.has(0)) return Item();
  const auto picture = IntegerPicture::analyse(call.has(1) ? call[1].text() : "");
  if (!picture) return call.fail(picture.error());
  const auto number = picture->parse(call[0].text());
  if (!number) return call.fail(number.error());
  return *number;
}

Answer format_decimal(Call& call) {
  if (!call.has(0)) return Item();
  DecimalFormat format;
  for (size_t at = 0; call.has(2) && at < call[2].size(); ++at)
    if (const Item value = call[2].value_at(at); value.is_string())
      format.set(call[2].key_at(at).text(), to_utf32(value.text()));
  auto text = format_number(call[0].number(), call.has(1) ? call[1].text() : "", format);
  if (!text) return call.fail(std::move(text).error());
  return call.text(*text);
}

}  // namespace

std::span<const FunctionRow> picture_functions() {
  static constexpr FunctionRow rows[] = {
      {"formatInteger", "<n-s:s>", 2, format_integer},
      {"parseInteger", "<s-s:n>", 2, parse_integer},
      {"formatNumber", "<n-so?:s>", 3, format_decimal},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
