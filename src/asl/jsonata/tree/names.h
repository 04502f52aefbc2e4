#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pawl::asl::jsonata {

// The names of variables as small numbers, and which of them an expression binds somewhere.
class Names {
 public:
  Names() = default;
  Names(const Names& other) {
    for (const auto& text : other.texts_) id_of(text);
    is_bound_ = other.is_bound_;
  }
  Names& operator=(const Names&) = delete;

  uint32_t id_of(std::string_view text) {
    const auto found = ids_.find(text);
    if (found != ids_.end()) return found->second;
    const auto id = static_cast<uint32_t>(texts_.size());
    texts_.emplace_back(text);
    is_bound_.push_back(false);
    ids_.emplace(texts_.back(), id);
    return id;
  }
  const std::string& text(uint32_t id) const { return texts_[id]; }
  size_t size() const { return texts_.size(); }

  void note_bound(uint32_t id) { is_bound_[id] = true; }
  bool is_bound(uint32_t id) const { return is_bound_[id]; }

  // A name that nobody can write.
  uint32_t make_label() { return id_of("!" + std::to_string(texts_.size())); }

 private:
  std::deque<std::string> texts_;
  std::vector<bool> is_bound_;
  std::unordered_map<std::string_view, uint32_t> ids_;
};

}  // namespace pawl::asl::jsonata
