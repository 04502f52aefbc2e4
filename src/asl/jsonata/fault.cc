#include "asl/jsonata/fault.h"

#include <algorithm>

#include "asl/jsonata/text/utf8.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  json::append_string(out, text);
  return out;
}

// The text that a JSON string stands for; any other text as it is.
std::string bare(const std::string& text) {
  if (text.empty() || text[0] != '"') return text;
  const auto value = json::parse(text);
  return value && value->is_string() ? std::string(value->string()) : text;
}

}  // namespace

std::string Fault::detail(std::string_view name) const {
  if (name == "token") return token_ ? quoted(*token_) : "undefined";
  for (const auto& [key, text] : details_)
    if (key == name) return text;
  return "undefined";
}

std::string Fault::message() const {
  std::string_view rest = message_template(code_);
  std::string out;
  while (true) {
    const size_t begin = rest.find("{{");
    if (begin == rest.npos) return out.append(rest);
    const bool is_bare = rest.substr(begin, 3) == "{{{";
    const size_t width = is_bare ? 3 : 2;
    const size_t end = rest.find("}}", begin);
    const std::string text = detail(rest.substr(begin + width, end - begin - width));
    out.append(rest.substr(0, begin)).append(is_bare ? bare(text) : text);
    rest.remove_prefix(end + width);
  }
}

Fault&& Fault::with_text(std::string_view name, std::string_view text) && {
  return std::move(*this).with(name, quoted(text));
}

Fault limit_reached(std::string_view message) {
  return Fault("U1001").with_text("message", message);
}

Fault too_deep() {
  return limit_reached(
      "Stack overflow error: Check for non-terminating recursive function.  Consider rewriting as "
      "tail-recursive.");
}

Problem Fault::problem(std::string_view source) const {
  const size_t offset = std::min(position_.value_or(0), source.size());
  return {code_, well_formed(message()), character_count(source.substr(0, offset)),
          well_formed(token_.value_or(""))};
}

}  // namespace pawl::asl::jsonata
