#include "asl/jsonata/value/function.h"

namespace pawl::asl::jsonata {

Frame::Frame(Heap& owner, Frame* enclosing)
    : Cell(owner), parent(enclosing), next_alive(owner.frames), link_to_this(&owner.frames) {
  heap.take(sizeof(Frame));
  if (next_alive != nullptr) next_alive->link_to_this = &next_alive;
  owner.frames = this;
}

Frame::~Frame() {
  *link_to_this = next_alive;
  if (next_alive != nullptr) next_alive->link_to_this = link_to_this;
  heap.give_back(sizeof(Frame) + far.size() * sizeof(Binding));
}

void Frame::bind(uint32_t name, Item item) {
  for (uint32_t at = 0; at < count && at < near.size(); ++at)
    if (near[at].name == name) {
      near[at].value = std::move(item);
      return;
    }
  for (auto& binding : far)
    if (binding.name == name) {
      binding.value = std::move(item);
      return;
    }
  if (count < near.size()) {
    near[count] = {name, std::move(item)};
  } else {
    far.push_back({name, std::move(item)});
    heap.take(sizeof(Binding));
  }
  ++count;
}

void Frame::copy_bindings(const Frame& other) {
  for (size_t at = 0; at < other.size(); ++at)
    bind(other.binding(at).name, other.binding(at).value);
}

void Frame::clear() {
  value = Item();
  for (auto& binding : near) binding.value = Item();
  for (auto& binding : far) binding.value = Item();
}

Function::Function(Heap& owner, Kind what) : Cell(owner), kind(what) {
  heap.take(sizeof(Function));
}

Function::~Function() { heap.give_back(sizeof(Function)); }

}  // namespace pawl::asl::jsonata
