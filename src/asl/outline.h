#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pawl::asl::parse {

struct Place {
  size_t line, column;  // from 1; a column is a byte
};

// Turns offsets in a text into places.
class Lines {
 public:
  explicit Lines(std::string_view text);
  Place place(size_t offset) const;

 private:
  std::vector<size_t> begins_;
};

// Where a JSON text breaks the grammar.
struct Fault {
  size_t begin, end;    // of the token that is not expected
  std::string message;  // in the words of the service's parser
  bool is_too_deep = false;
};

// A member whose name the object around it has already.
struct Duplicate {
  std::string location;  // of the member
  std::string name;
  size_t offset;
};

using Wanted = std::unordered_set<std::string>;

// What the value of a JSON text does not say: where things stand, and what is written twice.
struct Outline {
  std::unordered_map<std::string, size_t> places;  // of the wanted locations
  std::vector<Duplicate> duplicates;
  std::optional<Fault> fault;  // the first; nothing after it was read
};

// Locations are those of the service: "/States/Copy/Retry[0]/ErrorEquals"; "/" is the whole.
Outline outline_of(std::string_view text, const Wanted& wanted);

}  // namespace pawl::asl::parse
