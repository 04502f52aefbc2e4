#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::objects {

// As much XML as S3 answers in: elements with text or elements in them. Attributes, comments and
// declarations are passed over.
struct Element {
  std::string name, text;
  std::vector<Element> children = {};

  // The text of the first child of that name; empty where there is none.
  std::string text_of(std::string_view child) const;
  const Element* find(std::string_view child) const;
};

// The root; nothing where the text is no such document.
std::optional<Element> parse_xml(std::string_view text);

}  // namespace pawl::objects
