#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "asl/jsonata/value/cells.h"
#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

struct Node;
class Regex;

// Names bound to values, within an enclosing frame; and, in a tuple stream, a tuple: the value at
// hand together with what was bound on the way to it.
struct Frame : Cell {
  Frame(Heap& owner, Frame* enclosing);
  ~Frame() override;

  struct Binding {
    uint32_t name = 0;
    Item value;
  };

  // Null where the name is not bound in this frame.
  const Item* find(uint32_t name) const {
    for (uint32_t at = 0; at < count && at < near.size(); ++at)
      if (near[at].name == name) return &near[at].value;
    for (const auto& binding : far)
      if (binding.name == name) return &binding.value;
    return nullptr;
  }
  void bind(uint32_t name, Item value);
  void copy_bindings(const Frame& other);
  size_t size() const { return count; }
  const Binding& binding(size_t at) const {
    return at < near.size() ? near[at] : far[at - near.size()];
  }
  // Lets go of everything: closures and the frames that hold them hold each other.
  void clear();

  Ref<Frame> parent;
  Item value;  // of a tuple
  std::array<Binding, 3> near;
  std::vector<Binding> far;
  uint32_t count = 0;

  Frame* next_alive;
  Frame** link_to_this;
};

// A function that the evaluation made. Those of the library are rows of a table.
struct Function : Cell {
  enum class Kind : uint8_t { lambda, partial, chain, matcher, next_match, transform };
  Function(Heap& owner, Kind what);
  ~Function() override;

  Kind kind;
  // lambda and transform: the node, what it closes over.
  const Node* node = nullptr;
  Ref<Frame> frame;
  Item input;
  // lambda: the parameters that are still to be given.
  std::vector<uint32_t> parameters;
  bool has_signature = true;  // a partly applied function takes what it is given
  // partial: a function of the library, its arguments, with `absent` for those still to be given.
  // chain: the first and the second function.
  std::vector<Item> parts;
  // matcher and next_match.
  const Regex* regex = nullptr;
  Item subject;
  size_t from = 0;
};

inline Item::Item(Ref<Function> function) : Item(Kind::function, function.get()) {}

inline Function* Item::function() const {
  return kind() == Kind::function && source() == Source::cell ? static_cast<Function*>(cell_)
                                                              : nullptr;
}

inline Frame* Item::frame() const { return static_cast<Frame*>(cell_); }

inline Item Item::tuple(Frame* frame) { return Item(Kind::tuple, frame); }

}  // namespace pawl::asl::jsonata
