#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace pawl::asl::jsonata {

class Regex;
class Signature;
struct LibraryRow;
struct Node;

enum class NodeKind : uint8_t {
  literal,     // value
  name,        // value: of a member
  variable,    // id; "$" alone has an empty name
  wildcard,    // *
  descendant,  // **
  parent,      // %
  regex,
  placeholder,  // ? in arguments
  word,         // and, or, in, before it is known what they are
  end,          // of the text, where an expression should be
  binary,       // left operation right
  negate,       // - left
  array,        // [parts]
  object,       // {pairs}
  block,        // (parts)
  condition,    // left ? right : third
  fallback,     // left ?: right, left ?? right
  bind,         // id := right
  call,         // left(parts)
  partial,      // left(parts) with placeholders
  lambda,       // function(parts) { right }
  apply,        // left ~> right
  transform,    // |left|right, third|
  sort,         // a step: ^(terms)
  path,         // parts are the steps
};

enum class Operation : uint8_t {
  none,
  map,        // .
  predicate,  // [
  group,      // {
  order,      // ^
  focus,      // @
  index,      // #
  add,
  subtract,
  multiply,
  divide,
  remainder,
  equal,
  unequal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  concatenate,
  both,
  either,
  member_of,
  range,
  if_true,   // ?:
  if_exists  // ??
};

// Where a `%` finds what it stands for: the label under which a step keeps its context.
struct ParentSlot {
  uint32_t label = 0;
  int level = 1;
};

// Where a member was found the last time that a node asked for it: objects one after another are
// often of one shape. Only a hint, so threads that evaluate one expression may share it.
class MemberPlace {
 public:
  uint32_t last() const { return place_.load(std::memory_order_relaxed); }
  void note(uint32_t place) const { place_.store(place, std::memory_order_relaxed); }

 private:
  mutable std::atomic<uint32_t> place_{0};
};

struct Pair {
  Node* key;
  Node* value;
};

struct SortTerm {
  Node* expression;
  bool is_descending;
};

// What follows a step: a filter, or (with `#`) a name for the position.
struct Stage {
  Node* filter = nullptr;
  uint32_t index_name = 0;
};

struct Group {
  std::vector<Pair> pairs;
  size_t position = 0;
};

// What few nodes have.
struct Extras {
  std::vector<Stage> predicates;  // of a node that is no step
  std::vector<Stage> stages;      // of a step
  std::optional<Group> group;
  std::vector<SortTerm> terms;
  std::vector<ParentSlot*> seeking;  // parents that are not found yet
  ParentSlot* ancestor = nullptr;    // a parent that this step is
  std::optional<uint32_t> focus;     // @
  std::optional<uint32_t> index;     // #
  std::unique_ptr<const Regex> regex;
  std::unique_ptr<const Signature> signature;

  Extras();
  ~Extras();
};

// A node of the tree of an expression. Made by the parser, put into shape afterwards, then only
// read. Nodes belong to the Tree and are deleted together.
struct Node {
  NodeKind kind = NodeKind::literal;
  Operation operation = Operation::none;
  bool keeps_array = false;      // [] behind it
  bool keeps_singleton = false;  // a path with a [] in it
  bool is_tuple = false;         // makes, or needs, a stream of tuples
  bool is_constructed = false;   // an array constructor at the end or begin of a path
  bool may_be_bound = true;      // a variable that some frame may hold
  bool has_context = false;      // a call behind ~>
  bool is_context = false;       // the variable "$"
  bool needs_frame = true;       // a block that may bind names
  uint16_t height = 1;
  uint32_t id = 0;
  size_t position = 0;  // in bytes, just behind the token
  Node* left = nullptr;
  Node* right = nullptr;
  Node* third = nullptr;
  ParentSlot* slot = nullptr;           // of a parent
  const LibraryRow* library = nullptr;  // of a variable that names one
  json::Value value;
  MemberPlace member_place;  // of a name
  std::vector<Node*> parts;
  std::vector<Pair> pairs;
  std::unique_ptr<Extras> extras;

  Extras& more() {
    if (!extras) extras = std::make_unique<Extras>();
    return *extras;
  }
  bool has_predicates() const { return extras && !extras->predicates.empty(); }
  bool has_stages() const { return extras && !extras->stages.empty(); }
  bool has_group() const { return extras && extras->group; }
};

struct Tree {
  std::deque<Node> nodes;
  std::deque<ParentSlot> slots;
  Node* root = nullptr;
};

// The text of an operation: "+", "and".
std::string_view symbol(Operation operation);
// A node as messages name it: its value, or its symbol.
std::string shown_value(const Node& node);

}  // namespace pawl::asl::jsonata
