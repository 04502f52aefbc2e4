#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "fuzz.h"
#include "json/parse.h"

namespace pawl::fuzz {
namespace {

using std::filesystem::path;

std::string text_of(const path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// The definition within a golden case.
std::string machine_of(const std::string& golden) {
  constexpr std::string_view head = "--- machine\n";
  const size_t begin = golden.find(head);
  if (begin == golden.npos) return {};
  const size_t from = begin + head.size();
  return golden.substr(from, golden.find("\n--- ", from) - from);
}

void add_texts(const json::Value& value, std::string_view beginning, std::set<std::string>& found) {
  if (value.is_string() && value.string().starts_with(beginning)) found.emplace(value.string());
  if (value.is_array())
    for (const auto& element : value.elements()) add_texts(element, beginning, found);
  if (value.is_object())
    for (const auto& [name, member] : value.members()) add_texts(member, beginning, found);
}

}  // namespace

std::vector<std::string> definitions() {
  const path root = PAWL_SOURCE_DIRECTORY;
  std::vector<path> files;
  for (const char* folder : {"tests/golden", "pipelines", "docs/examples"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string name = entry.path().filename();
      if (name.ends_with(".case") || name.ends_with(".asl.json")) files.push_back(entry.path());
    }
  }
  // The order of a folder is not that of another machine, and a seed picks by number.
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const auto& file : files) {
    const std::string text = text_of(file);
    texts.push_back(file.extension() == ".case" ? machine_of(text) : text);
  }
  std::erase(texts, "");
  return texts;
}

std::vector<std::string> texts_within(const std::vector<std::string>& documents,
                                      std::string_view beginning) {
  std::set<std::string> found;
  for (const auto& document : documents)
    if (const auto value = json::parse(document)) add_texts(*value, beginning, found);
  return {found.begin(), found.end()};
}

std::vector<std::string> json_words_and(std::vector<std::string> more) {
  for (const char* word : {"{", "}", "[", "]", ",", ":", "\"", "null", "true", "0", "-1", "1e999",
                           "99999999999999999999", "\\u0000", "\\ud800", "\xff"})
    more.emplace_back(word);
  return more;
}

}  // namespace pawl::fuzz
