#include <charconv>
#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/functions/matches.h"
#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"
#include "base/text.h"

// What takes a pattern: a text, a regular expression, or a function that answers like one.

namespace pawl::asl::jsonata {
namespace {

const std::string match_key = "match", index_key = "index", groups_key = "groups";

// How often at most; without a limit, as often as there is something.
double limit_of(const Call& call, size_t index) {
  return call.has(index) ? call[index].number() : HUGE_VAL;
}

Answer contains(Call& call) {
  if (!call.has(0) || !call.has(1)) return Item();
  if (call[1].is_string())
    return Item::boolean(find_text(call[0].text(), call[1].text()) != std::string_view::npos);
  Matches matches(call.run, call[1], call[0]);
  return Item::boolean(TRY(matches.next()).has_value());
}

Answer match(Call& call) {
  if (!call.has(0)) return Item();
  const double limit = limit_of(call, 2);
  if (limit < 0) return call.fail(Fault("D3040").with("value", number_text(limit)).with_index(3));
  auto results = make_sequence(call.heap());
  if (limit == 0) return results;
  Matches matches(call.run, call[1], call[0]);
  auto found = TRY(matches.next());
  for (double count = 0; found && count < limit; ++count) {
    auto object = make_record(call.heap());
    const Item whole = matches.object(*found);
    object->set(Item::of(match_key), whole.member("match"));
    object->set(Item::of(index_key), whole.member("start"));
    object->set(Item::of(groups_key), whole.member("groups"));
    results->push(std::move(object));
    found = TRY(matches.next());
  }
  return results;
}

// The number at `at`: of as many digits as there are groups to count, fewer where it would name a
// group that is not there.
std::optional<size_t> group_number(std::string_view text, size_t at, size_t groups,
                                   size_t& digits) {
  size_t most = 1;
  for (size_t rest = groups; rest >= 10; rest /= 10) ++most;
  size_t number = 0;
  const auto read = [&](size_t width) {
    const auto part = text.substr(at, width);
    const auto end = std::from_chars(part.data(), part.data() + part.size(), number);
    return end.ec == std::errc();
  };
  bool is_number = read(most);
  if (is_number && most > 1 && number > groups) is_number = read(most - 1);
  digits = std::to_string(number).size();
  return is_number ? std::optional(number) : std::nullopt;
}

// The replacement with $0, $1, … $$ filled in.
void append_filled_in(std::string& out, std::string_view replacement, std::string_view text,
                      const Found& found) {
  for (size_t at = 0; at < replacement.size();) {
    const size_t dollar = std::min(replacement.find('$', at), replacement.size());
    out += replacement.substr(at, dollar - at);
    if (dollar == replacement.size()) return;
    at = dollar + 1;
    const char next = at < replacement.size() ? replacement[at] : '\0';
    size_t digits = 0;
    if (next == '$') {
      out += '$';
      ++at;
    } else if (next == '0') {
      out += text.substr(found.begin, found.end - found.begin);
      ++at;
    } else if (const auto number = group_number(replacement, at, found.group_count(), digits)) {
      if (*number >= 1 && *number <= found.group_count()) out += found.group(*number, text);
      at += digits;
    } else {
      out += '$';
    }
  }
}

Answer replace_text(Call& call, double limit) {
  const std::string_view text = call[0].text(), pattern = call[1].text();
  auto replacement = to_text(call[2]);
  if (!replacement) return call.fail(std::move(replacement).error());
  std::string out;
  size_t from = 0;
  for (double count = 0; count < limit; ++count) {
    const size_t place = find_text(text, pattern, from);
    if (place == text.npos) break;
    out.append(text.substr(from, place - from)).append(*replacement);
    from = place + pattern.size();
    TRY(call.run.may_take(out.size()));
  }
  return call.text(out.append(text.substr(from)));
}

Answer replace_matches(Call& call, double limit) {
  const std::string_view text = call[0].text();
  Matches matches(call.run, call[1], call[0]);
  auto found = TRY(matches.next());
  std::string out;
  size_t from = 0;
  for (double count = 0; found && count < limit; ++count) {
    if (found->begin > from) out += text.substr(from, found->begin - from);
    if (call[2].is_string()) {
      append_filled_in(out, call[2].text(), text, *found);
    } else {
      const Item with = TRY(call.run.apply(call[2], {matches.object(*found)}));
      if (!with.is_string()) return call.fail(Fault("D3012").with("value", shown(with)));
      out += with.text();
    }
    TRY(call.run.may_take(out.size()));
    from = found->end;
    found = TRY(matches.next());
  }
  return call.text(out.append(text.substr(from)));
}

Answer replace(Call& call) {
  if (!call.has(0)) return Item();
  if (call[1].is_string() && call[1].text().empty())
    return call.fail(Fault("D3010").with("value", "\"\"").with_index(2));
  const double limit = limit_of(call, 3);
  if (limit < 0) return call.fail(Fault("D3011").with("value", number_text(limit)).with_index(4));
  if (limit == 0 || !call.has(1)) return call[0];
  return call[1].is_string() ? replace_text(call, limit) : replace_matches(call, limit);
}

Answer split_text(Call& call, double limit) {
  auto parts = make_list(call.heap());
  const std::string_view text = call[0].text(), separator = call[1].text();
  const auto push = [&](std::string_view part) {
    if (static_cast<double>(parts->size()) < limit) parts->push(call.text(part));
  };
  if (separator.empty()) {
    for (const std::string_view character : characters(text)) push(character);
    return parts;
  }
  size_t from = 0;
  for (size_t place; (place = find_text(text, separator, from)) != text.npos;) {
    push(text.substr(from, place - from));
    from = place + separator.size();
  }
  push(text.substr(from));
  return parts;
}

Answer split(Call& call) {
  if (!call.has(0)) return Item();
  const double limit = std::trunc(limit_of(call, 2));
  if (limit < 0 || limit_of(call, 2) < 0)
    return call.fail(Fault("D3020").with("value", shown(call[2])).with_index(3));
  auto parts = make_list(call.heap());
  if (limit_of(call, 2) == 0) return parts;
  if (!call.has(1)) {
    parts->push(call[0]);
    return parts;
  }
  if (call[1].is_string()) return split_text(call, limit);
  const std::string_view text = call[0].text();
  Matches matches(call.run, call[1], call[0]);
  auto found = TRY(matches.next());
  size_t from = 0;
  double count = 0;
  for (; found && count < limit_of(call, 2); ++count) {
    const size_t begin = std::max(from, found->begin);
    parts->push(call.text(text.substr(from, begin - from)));
    from = found->end;
    found = TRY(matches.next());
  }
  if (count < limit_of(call, 2)) parts->push(call.text(text.substr(from)));
  return parts;
}

}  // namespace

std::span<const FunctionRow> pattern_functions() {
  static constexpr FunctionRow rows[] = {
      {"match", "<s-f<s:o>n?:a<o>>", 3, match},
      {"contains", "<s-(sf):b>", 2, contains},
      {"replace", "<s-(sf)(sf)n?:s>", 4, replace},
      {"split", "<s-(sf)n?:a<s>>", 3, split},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
