#include "objects/xml.h"

#include "base/text.h"

namespace pawl::objects {
namespace {

constexpr int depth_max = 32;

std::string unescaped(std::string_view text) {
  std::string plain(text);
  if (plain.find('&') == plain.npos) return plain;
  for (const auto& [escape, byte] : {std::pair{"&lt;", "<"},
                                     {"&gt;", ">"},
                                     {"&quot;", "\""},
                                     {"&apos;", "'"},
                                     {"&#34;", "\""},
                                     {"&#39;", "'"},
                                     {"&#13;", "\r"},
                                     {"&#xD;", "\r"},
                                     {"&#10;", "\n"},
                                     {"&#xA;", "\n"},
                                     {"&amp;", "&"}})
    plain = replace_all(plain, escape, byte);
  return plain;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Element> root() {
    skip_prolog();
    return element(0);
  }

 private:
  bool skip_past(std::string_view end) {
    const size_t at = rest_.find(end);
    if (at == rest_.npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
  }

  void skip_prolog() {
    for (;;) {
      rest_ = rest_.substr(std::min(rest_.find('<'), rest_.size()));
      const bool is_passed_over =
          rest_.starts_with("<?") || (rest_.starts_with("<!") && !rest_.starts_with("<![CDATA["));
      if (!is_passed_over || !skip_past(rest_.starts_with("<!--") ? "-->" : ">")) return;
    }
  }

  std::optional<Element> element(int depth) {
    if (depth > depth_max || !rest_.starts_with('<')) return std::nullopt;
    const size_t close = rest_.find('>');
    if (close == rest_.npos) return std::nullopt;
    std::string_view tag = rest_.substr(1, close - 1);
    rest_.remove_prefix(close + 1);
    const bool is_empty = tag.ends_with('/');
    if (is_empty) tag.remove_suffix(1);
    Element read{std::string(tag.substr(0, tag.find_first_of(" \t\r\n"))), {}};
    if (is_empty) return read;
    if (!content(read, depth)) return std::nullopt;
    return read;
  }

  bool content(Element& read, int depth) {
    for (;;) {
      const size_t next = rest_.find('<');
      if (next == rest_.npos) return false;
      read.text += unescaped(rest_.substr(0, next));
      rest_.remove_prefix(next);
      if (rest_.starts_with("</")) return skip_past(">");
      if (rest_.starts_with("<!--")) {
        if (!skip_past("-->")) return false;
        continue;
      }
      auto child = element(depth + 1);
      if (!child) return false;
      read.children.push_back(*std::move(child));
    }
  }

  std::string_view rest_;
};

}  // namespace

const Element* Element::find(std::string_view child) const {
  for (const Element& each : children)
    if (each.name == child) return &each;
  return nullptr;
}

std::string Element::text_of(std::string_view child) const {
  const Element* found = find(child);
  return found == nullptr ? std::string() : found->text;
}

std::optional<Element> parse_xml(std::string_view text) { return Parser(text).root(); }

}  // namespace pawl::objects
