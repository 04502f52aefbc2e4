#include "asl/jsonata/functions/matches.h"

#include "asl/jsonata/regex/regex.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

const std::string match_key = "match", start_key = "start", end_key = "end", groups_key = "groups",
                  next_key = "next";

bool is_match_object(const Item& item) {
  return item.is_object() &&
         (item.member("start").is_number() || item.member("end").is_number() ||
          item.member("groups").is_array() || item.member("next").is_function());
}

}  // namespace

size_t Found::group_count() const {
  if (object.is_undefined()) return match.group_count();
  return groups.is_array() ? groups.size() : 0;
}

std::string_view Found::group(size_t number, std::string_view text) const {
  if (object.is_undefined()) return match.group(number, text).value_or("");
  const Item group = groups.at(number - 1);
  return group.is_string() ? group.text() : "";
}

size_t utf16_size(std::string_view text) {
  size_t units = 0;
  for (size_t at = 0; at < text.size();) units += next_character(text, at) >= 0x10000 ? 2 : 1;
  return units;
}

size_t offset_of_utf16(std::string_view text, double units) {
  size_t at = 0;
  while (units >= 1 && at < text.size()) units -= next_character(text, at) >= 0x10000 ? 2 : 1;
  return at;
}

Result<std::optional<Found>, Failed> find_match(Run& run, const Function& matcher,
                                                const Item& subject, size_t from, bool is_first) {
  const std::string_view text = subject.text();
  if (!is_first && from >= text.size()) return std::optional<Found>();
  constexpr int64_t steps_max = 10'000'000;  // then the limits are looked at, the time among them
  int64_t steps = std::min(run.steps_left(), steps_max);
  const int64_t before = steps;
  const auto match = matcher.regex->find(text, from, steps, run.regex_notes());
  TRY(run.count_steps(before - steps));
  if (steps < 0)
    return run.fail(limit_reached("Regular expression timeout: Check for ambiguous repetition"));
  if (!match) return std::optional<Found>();
  if (!is_first && match->begin() == match->end()) {
    const auto& pattern = matcher.regex->pattern();
    return run.fail(Fault("D1004").at(matcher.node->position).with_text("value", pattern));
  }
  return std::optional(Found{match->begin(), match->end(), *match, Item(), Item()});
}

Item match_object(Run& run, const Function& matcher, const Item& subject, const Found& found) {
  const std::string_view text = subject.text();
  auto object = make_record(run.heap());
  const std::string_view match = text.substr(found.begin, found.end - found.begin);
  const size_t start = utf16_size(text.substr(0, found.begin));
  object->set(Item::of(match_key), run.text(match));
  object->set(Item::of(start_key), static_cast<double>(start));
  object->set(Item::of(end_key), static_cast<double>(start + utf16_size(match)));
  auto groups = make_list(run.heap());
  for (size_t number = 1; number <= found.match.group_count(); ++number) {
    const auto group = found.match.group(number, text);
    groups->push(group ? run.text(*group) : Item());
  }
  object->set(Item::of(groups_key), std::move(groups));
  Ref<Function> next(run.heap().make<Function>(Function::Kind::next_match));
  next->node = matcher.node;
  next->regex = matcher.regex;
  next->subject = subject;
  next->from = found.end;
  object->set(Item::of(next_key), std::move(next));
  return object;
}

Result<std::optional<Found>, Failed> Matches::next() {
  const Function* function = matcher_.function();
  if (function == nullptr || function->kind != Function::Kind::matcher) return next_of_function();
  auto found = TRY(find_match(run_, *function, subject_, from_, is_first_));
  is_first_ = false;
  if (!found) return found;
  from_ = found->end;
  return found;
}

Item Matches::object(const Found& found) const {
  if (!found.object.is_undefined()) return found.object;
  return match_object(run_, *matcher_.function(), subject_, found);
}

Result<std::optional<Found>, Failed> Matches::next_of_function() {
  Arguments arguments;
  if (is_first_) arguments.push_back(subject_);
  is_first_ = false;
  if (!matcher_.is_function()) return std::optional<Found>();
  const Item answer = TRY(run_.apply(matcher_, std::move(arguments)));
  if (answer.is_undefined()) return std::optional<Found>();
  if (!is_match_object(answer)) return run_.fail(Fault("T1010"));
  const std::string_view text = subject_.text();
  const auto offset = [&](const char* name) {
    const Item place = answer.member(name);
    return place.is_number() ? offset_of_utf16(text, place.number()) : size_t{0};
  };
  Found found{offset("start"), offset("end"), {}, answer, answer.member("groups")};
  const Item match = answer.member("match");
  if (match.is_string()) found.end = std::min(text.size(), found.begin + match.text().size());
  found.end = std::max(found.begin, found.end);
  matcher_ = answer.member("next");
  return std::optional<Found>(std::move(found));
}

}  // namespace pawl::asl::jsonata
