#include <algorithm>
#include <charconv>

#include "asl/jsonata/regex/tree.h"
#include "asl/jsonata/text/utf8.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

using Kind = RegexNode::Kind;
using Parsed = Result<RegexNode, std::string>;

constexpr int depth_max = 100;
constexpr char32_t character_max = 0x10FFFF;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_class_letter(char c) {
  return std::string_view("dDwWsS").find(c) != std::string_view::npos;
}

RegexNode make(Kind kind) {
  RegexNode node;
  node.kind = kind;
  return node;
}

RegexNode make_character(char32_t character) {
  RegexNode node = make(Kind::character);
  node.character = character;
  return node;
}

RegexNode make_set(CharacterSet set) {
  RegexNode node = make(Kind::set);
  node.set = std::move(set);
  return node;
}

// How many groups the pattern captures, and their names.
std::vector<std::string_view> group_names(std::string_view pattern) {
  std::vector<std::string_view> names;
  bool is_in_class = false;
  for (size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') ++at;
    if (c == '[') is_in_class = true;
    if (c == ']') is_in_class = false;
    if (c != '(' || is_in_class) continue;
    if (pattern.substr(at + 1, 1) != "?") {
      names.push_back("");
    } else if (pattern.substr(at + 1, 2) == "?<" && pattern.substr(at + 3, 1) != "=" &&
               pattern.substr(at + 3, 1) != "!") {
      const size_t end = pattern.find('>', at);
      names.push_back(pattern.substr(at + 3, end == pattern.npos ? end : end - at - 3));
    }
  }
  return names;
}

class RegexParser {
 public:
  explicit RegexParser(std::string_view pattern)
      : pattern_(pattern), names_(group_names(pattern)) {}

  Result<RegexTree, std::string> parse() {
    RegexTree tree;
    tree.root = TRY(choice());
    if (at_ < pattern_.size()) return std::string("unmatched ')'");
    tree.group_count = groups_;
    return tree;
  }

 private:
  bool has(std::string_view text) const { return pattern_.substr(at_, text.size()) == text; }
  bool take(std::string_view text) {
    if (!has(text)) return false;
    at_ += text.size();
    return true;
  }
  bool is_end() const { return at_ >= pattern_.size(); }

  Parsed choice();
  Parsed sequence();
  Parsed term();
  Parsed group();
  Parsed quantified(RegexNode part, uint32_t first_group);
  bool bounds(uint32_t& least, uint32_t& most);
  Parsed escape();
  Parsed reference(uint32_t number, size_t begin);
  Parsed named_reference();
  Parsed character_class();
  Result<CharacterSet, std::string> class_atom();
  Result<char32_t, std::string> escaped_character();
  bool hex(size_t digits, char32_t& character);

  std::string_view pattern_;
  std::vector<std::string_view> names_;
  size_t at_ = 0;
  uint32_t groups_ = 0;
  int depth_ = 0;
};

Parsed RegexParser::choice() {
  if (++depth_ > depth_max) return std::string("the pattern is nested too deeply");
  RegexNode node = make(Kind::choice);
  do {
    node.parts.push_back(TRY(sequence()));
  } while (take("|"));
  --depth_;
  if (node.parts.size() == 1) {
    RegexNode only = std::move(node.parts[0]);
    return only;
  }
  return node;
}

Parsed RegexParser::sequence() {
  RegexNode node = make(Kind::sequence);
  while (!is_end() && !has("|") && !has(")")) {
    const uint32_t first_group = groups_;
    RegexNode part = TRY(term());
    node.parts.push_back(TRY(quantified(std::move(part), first_group)));
  }
  return node;
}

Parsed RegexParser::term() {
  if (take("^")) return make(Kind::line_begin);
  if (take("$")) return make(Kind::line_end);
  if (take(".")) return make_set(all_but_line_ends());
  if (take("(")) return group();
  if (take("[")) return character_class();
  if (take("\\")) return escape();
  if (has("*") || has("+") || has("?")) return std::string("nothing to repeat");
  return make_character(next_character(pattern_, at_));
}

Parsed RegexParser::group() {
  RegexNode node = make(Kind::group);
  if (take("?:")) {
    node.kind = Kind::sequence;
  } else if (has("?=") || has("?!")) {
    node.kind = Kind::look_ahead;
    node.is_negated = has("?!");
    at_ += 2;
  } else if (has("?<=") || has("?<!")) {
    node.kind = Kind::look_behind;
    node.is_negated = has("?<!");
    at_ += 3;
  } else {
    if (take("?<")) {
      const size_t end = pattern_.find('>', at_);
      if (end == pattern_.npos) return std::string("invalid capture group name");
      at_ = end + 1;
    } else if (has("?")) {
      return std::string("invalid group");
    }
    node.number = ++groups_;
  }
  node.parts.push_back(TRY(choice()));
  if (!take(")")) return std::string("unterminated group");
  return node;
}

bool RegexParser::bounds(uint32_t& least, uint32_t& most) {
  const size_t begin = at_;
  const auto number = [&](uint32_t& value) {
    const auto rest = pattern_.substr(at_);
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (read.ptr == rest.data()) return false;
    if (read.ec != std::errc()) value = without_end - 1;
    at_ += static_cast<size_t>(read.ptr - rest.data());
    return true;
  };
  if (take("{") && !has("-") && number(least)) {
    most = least;
    if (take(",") && !number(most)) most = without_end;
    if (take("}")) return true;
  }
  at_ = begin;
  return false;
}

Parsed RegexParser::quantified(RegexNode part, uint32_t first_group) {
  RegexNode node = make(Kind::repeat);
  if (take("*")) {
    node.most = without_end;
  } else if (take("+")) {
    node.least = 1;
    node.most = without_end;
  } else if (take("?")) {
    node.most = 1;
  } else if (!bounds(node.least, node.most)) {
    return part;
  }
  if (node.least > node.most) return std::string("numbers out of order in {} quantifier");
  node.is_lazy = take("?");
  node.number = first_group + 1;
  node.last_number = groups_ + 1;
  node.parts.push_back(std::move(part));
  return node;
}

Parsed RegexParser::escape() {
  if (is_end()) return std::string("\\ at end of pattern");
  const char c = pattern_[at_];
  if (c == 'b' || c == 'B') {
    ++at_;
    RegexNode node = make(Kind::word_edge);
    node.is_negated = c == 'B';
    return node;
  }
  if (is_class_letter(c)) {
    ++at_;
    return make_set(class_of(c));
  }
  if (c == 'k' && pattern_.substr(at_ + 1, 1) == "<") return named_reference();
  if (c >= '1' && c <= '9') {
    const size_t begin = at_;
    uint32_t number = 0;
    while (!is_end() && is_digit(pattern_[at_]) && number < 100'000)
      number = number * 10 + static_cast<uint32_t>(pattern_[at_++] - '0');
    return reference(number, begin);
  }
  return make_character(TRY(escaped_character()));
}

// A number that names no group is the character it would be without the backslash.
Parsed RegexParser::reference(uint32_t number, size_t begin) {
  if (number > names_.size()) {
    at_ = begin;
    return make_character(next_character(pattern_, at_));
  }
  RegexNode node = make(Kind::back_reference);
  node.number = number;
  return node;
}

Parsed RegexParser::named_reference() {
  const size_t begin = at_ + 2, end = pattern_.find('>', begin);
  if (end == pattern_.npos) return std::string("invalid named reference");
  const auto name = pattern_.substr(begin, end - begin);
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (name.empty() || found == names_.end()) return std::string("invalid named capture referenced");
  at_ = end + 1;
  RegexNode node = make(Kind::back_reference);
  node.number = static_cast<uint32_t>(found - names_.begin()) + 1;
  return node;
}

bool RegexParser::hex(size_t digits, char32_t& character) {
  const auto text = pattern_.substr(at_, digits);
  uint32_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (text.size() < digits || read.ptr != text.data() + digits) return false;
  at_ += digits;
  character = value;
  return true;
}

Result<char32_t, std::string> RegexParser::escaped_character() {
  if (is_end()) return std::string("\\ at end of pattern");
  constexpr std::string_view letters = "ftnrv", meanings = "\f\t\n\r\v";
  const char32_t character = next_character(pattern_, at_);
  char32_t other = 0;
  if (character == '0') return char32_t{0};
  if (character == 'c' && !is_end() && is_letter(pattern_[at_]))
    return static_cast<char32_t>(pattern_[at_++] & 31);
  if (character == 'x' && hex(2, other)) return other;
  if (character == 'u' && hex(4, other)) {
    // Two halves written one after another are one character.
    char32_t low = 0;
    const size_t behind = at_;
    if (other >= 0xD800 && other < 0xDC00 && take("\\u") && hex(4, low) && low >= 0xDC00 &&
        low < 0xE000)
      return 0x10000 + ((other - 0xD800) << 10) + (low - 0xDC00);
    at_ = behind;
    return other;
  }
  if (character < 0x80)
    if (const size_t place = letters.find(static_cast<char>(character)); place != letters.npos)
      return static_cast<char32_t>(meanings[place]);
  return character;
}

Result<CharacterSet, std::string> RegexParser::class_atom() {
  CharacterSet set;
  if (!take("\\")) {
    const char32_t character = next_character(pattern_, at_);
    set.add(character, character);
    return set;
  }
  if (!is_end() && is_class_letter(pattern_[at_])) return class_of(pattern_[at_++]);
  const bool is_backspace = take("b");
  const char32_t character = is_backspace ? U'\b' : TRY(escaped_character());
  set.add(character, character);
  return set;
}

Parsed RegexParser::character_class() {
  CharacterSet set;
  set.is_negated = take("^");
  const auto single = [](const CharacterSet& atom) {
    return atom.ranges.size() == 1 && !atom.is_negated &&
           atom.ranges[0].first == atom.ranges[0].second;
  };
  while (!has("]")) {
    if (is_end()) return std::string("unterminated character class");
    const CharacterSet first = TRY(class_atom());
    const bool is_range = has("-") && pattern_.substr(at_ + 1, 1) != "]" &&
                          at_ + 1 < pattern_.size() && single(first);
    if (!is_range) {
      set.add(first);
      continue;
    }
    ++at_;
    const CharacterSet last = TRY(class_atom());
    if (!single(last)) {
      set.add(first);
      set.add('-', '-');
      set.add(last);
      continue;
    }
    if (first.ranges[0].first > last.ranges[0].first)
      return std::string("range out of order in character class");
    set.add(first.ranges[0].first, last.ranges[0].first);
  }
  ++at_;
  return make_set(std::move(set));
}

}  // namespace

void CharacterSet::add(const CharacterSet& other) {
  if (!other.is_negated) {
    ranges.insert(ranges.end(), other.ranges.begin(), other.ranges.end());
    return;
  }
  auto sorted = other.ranges;
  std::sort(sorted.begin(), sorted.end());
  char32_t next = 0;
  for (const auto& [first, last] : sorted) {
    if (first > next) add(next, first - 1);
    next = std::max<char32_t>(next, last + 1);
  }
  if (next <= character_max) add(next, character_max);
}

bool CharacterSet::has(char32_t character) const {
  const bool is_in = std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) {
    return character >= range.first && character <= range.second;
  });
  return is_in != is_negated;
}

CharacterSet class_of(char letter) {
  CharacterSet set;
  set.is_negated = letter < 'a';
  switch (letter | 0x20) {
    case 'd':
      set.add('0', '9');
      break;
    case 'w':
      set.ranges = {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}, {'_', '_'}};
      break;
    default:
      set.ranges = {{'\t', '\r'},     {' ', ' '},       {0xA0, 0xA0},     {0x1680, 0x1680},
                    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F},
                    {0x3000, 0x3000}, {0xFEFF, 0xFEFF}};
  }
  return set;
}

CharacterSet all_but_line_ends() {
  CharacterSet set;
  set.ranges = {{'\n', '\n'}, {'\r', '\r'}, {0x2028, 0x2029}};
  set.is_negated = true;
  return set;
}

Result<RegexTree, std::string> parse_regex(std::string_view pattern) {
  return RegexParser(pattern).parse();
}

}  // namespace pawl::asl::jsonata
