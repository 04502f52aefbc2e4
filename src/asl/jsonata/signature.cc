#include "asl/jsonata/signature.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

constexpr std::string_view any_json = "asnblom", anything = "asnblfom";

char symbol_of(const Item& item) {
  switch (item.kind()) {
    case Item::Kind::null:
      return 'l';
    case Item::Kind::boolean:
      return 'b';
    case Item::Kind::number:
    case Item::Kind::whole:
      return 'n';
    case Item::Kind::string:
      return 's';
    case Item::Kind::array:
      return 'a';
    case Item::Kind::object:
      return 'o';
    case Item::Kind::function:
      return 'f';
    default:
      return 'm';  // missing
  }
}

std::string_view plural(char type) {
  switch (type) {
    case 'a':
      return "\"arrays\"";
    case 'b':
      return "\"booleans\"";
    case 'f':
      return "\"functions\"";
    case 'n':
      return "\"numbers\"";
    case 'o':
      return "\"objects\"";
    default:
      return "\"strings\"";
  }
}

// Where the bracket closes that opens at `begin`.
size_t closing(std::string_view text, size_t begin, char open, char close) {
  int depth = 0;
  for (size_t at = begin; at < text.size(); ++at) {
    if (text[at] == open) ++depth;
    if (text[at] == close && --depth == 0) return at;
  }
  return text.size();
}

uint32_t bits_of(std::string_view symbols) {
  uint32_t bits = 0;
  for (const char symbol : symbols)
    if (symbol >= 'a' && symbol <= 'z') bits |= uint32_t{1} << (symbol - 'a');
  return bits;
}

uint32_t accepted_by(char type) {
  if (type == 'f') return bits_of("f");
  if (type == 'j') return bits_of(any_json);
  if (type == 'a' || type == 'x') return bits_of(anything);
  return bits_of("m") | bits_of({&type, 1});
}

}  // namespace

Result<Signature, Fault> Signature::parse(std::string_view text) {
  constexpr std::string_view types = "snbloafjx";
  Signature signature;
  auto& parameters = signature.parameters_;
  for (size_t at = 1; at < text.size() && text[at] != ':'; ++at) {
    const char c = text[at];
    if (types.find(c) != types.npos) {
      Parameter parameter;
      parameter.accepts = accepted_by(c);
      parameter.type = c;
      parameters.push_back(std::move(parameter));
    } else if (c == '(') {
      const size_t end = closing(text, at, '(', ')');
      const auto choice = text.substr(at + 1, end - at - 1);
      if (choice.find('<') != choice.npos) return Fault("S0402").with("value", std::string(choice));
      Parameter parameter;
      parameter.accepts = bits_of(choice) | bits_of("m");
      parameter.type = '(';
      parameters.push_back(std::move(parameter));
      at = end;
    } else if (c == '<') {
      const bool may_have =
          !parameters.empty() && (parameters.back().type == 'a' || parameters.back().type == 'f');
      if (!may_have) return Fault("S0401");
      const size_t end = closing(text, at, '<', '>');
      parameters.back().subtype = text.substr(at + 1, end - at - 1);
      at = end;
    } else if (!parameters.empty()) {
      if (c == '-') parameters.back().takes_context = true;
      if (c == '-' || c == '?') parameters.back().is_optional = true;
      if (c == '+') parameters.back().repeats = true;
    }
  }
  return signature;
}

// How many arguments each of the first `last` parameters takes: as many as it can, fewer where what
// follows would not fit otherwise.
bool Signature::match(std::string_view symbols, size_t first, size_t last, bool is_whole,
                      std::vector<size_t>& counts) const {
  if (first == last) return !is_whole || symbols.empty();
  const Parameter& parameter = parameters_[first];
  size_t fitting = 0;
  const size_t most = parameter.repeats ? symbols.size() : std::min<size_t>(symbols.size(), 1);
  while (fitting < most && parameter.takes(symbols[fitting])) ++fitting;
  const size_t least = parameter.is_optional ? 0 : 1;
  for (size_t count = fitting + 1; count-- > least;) {
    counts[first] = count;
    if (match(symbols.substr(count), first + 1, last, is_whole, counts)) return true;
  }
  return false;
}

Fault Signature::mismatch(std::string_view symbols) const {
  size_t good = 0;
  std::vector<size_t> counts(parameters_.size());
  for (size_t last = 1; last <= parameters_.size(); ++last) {
    if (!match(symbols, 0, last, false, counts)) break;
    good = 0;
    for (size_t index = 0; index < last; ++index) good += counts[index];
  }
  return Fault("T0410").with_index(good + 1);
}

// Arrays are held to the type of their elements; what is no array becomes one.
std::optional<Fault> Signature::place(const Parameter& parameter, Item& argument, size_t index,
                                      Heap& heap) const {
  const char symbol = symbol_of(argument);
  if (parameter.type != 'a' || symbol == 'm') return std::nullopt;
  if (!parameter.subtype.empty()) {
    bool fits = true;
    if (symbol != 'a') {
      fits = parameter.subtype.size() == 1 && parameter.subtype[0] == symbol;
    } else {
      for (size_t at = 0; fits && at < argument.size(); ++at)
        fits = symbol_of(argument.at(at)) == parameter.subtype[0];
    }
    if (!fits)
      return Fault("T0412").with_index(index + 1).with("type",
                                                       std::string(plural(parameter.subtype[0])));
  }
  if (symbol == 'a') return std::nullopt;
  auto list = make_list(heap);
  list->push(std::move(argument));
  argument = Item(std::move(list));
  return std::nullopt;
}

bool Signature::fits_in_order(const Arguments& arguments) const {
  if (arguments.size() > parameters_.size()) return false;
  for (size_t at = 0; at < parameters_.size(); ++at) {
    const Parameter& parameter = parameters_[at];
    const bool fits =
        at < arguments.size() ? parameter.takes(symbol_of(arguments[at])) : parameter.is_optional;
    if (!fits || parameter.repeats) return false;
  }
  return true;
}

std::optional<Fault> Signature::fit_in_order(Arguments& arguments, const Item& context,
                                             Heap& heap) const {
  const size_t given = arguments.size();
  for (size_t at = 0; at < given; ++at)
    if (auto fault = place(parameters_[at], arguments[at], at, heap)) return fault;
  for (size_t at = given; at < parameters_.size(); ++at) {
    const Parameter& parameter = parameters_[at];
    if (parameter.takes_context && !parameter.takes(symbol_of(context)))
      return Fault("T0411").with_index(given + 1);
    arguments.push_back(parameter.takes_context ? context : Item());
  }
  return std::nullopt;
}

std::optional<Fault> Signature::fit(Arguments& arguments, const Item& context, Heap& heap) const {
  if (fits_in_order(arguments)) return fit_in_order(arguments, context, heap);
  std::string symbols;
  for (const Item& argument : arguments) symbols += symbol_of(argument);
  std::vector<size_t> counts(parameters_.size());
  if (!match(symbols, 0, parameters_.size(), true, counts)) return mismatch(symbols);
  Arguments fitted;
  size_t next = 0;
  for (size_t index = 0; index < parameters_.size(); ++index) {
    const Parameter& parameter = parameters_[index];
    if (counts[index] == 0) {
      if (!parameter.takes_context) {
        fitted.push_back(next < arguments.size() ? arguments[next] : Item());
        ++next;
        continue;
      }
      if (!parameter.takes(symbol_of(context))) return Fault("T0411").with_index(next + 1);
      fitted.push_back(context);
      continue;
    }
    for (size_t count = 0; count < counts[index]; ++count, ++next) {
      if (auto fault = place(parameter, arguments[next], next, heap)) return fault;
      fitted.push_back(std::move(arguments[next]));
    }
  }
  arguments = std::move(fitted);
  return std::nullopt;
}

}  // namespace pawl::asl::jsonata
