#pragma once

#include <utility>

#include "asl/jsonata/value/cells.h"
#include "asl/jsonata/value/function.h"
#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

// Something went wrong; the run knows what.
struct Failed {};

// A value, or Failed, for TRY. Smaller and quicker than a Result.
class [[nodiscard]] Answer {
 public:
  Answer(Item item) : item_(std::move(item)) {}
  Answer(double number) : item_(number) {}
  Answer(Ref<List> list) : item_(std::move(list)) {}
  Answer(Ref<Record> record) : item_(std::move(record)) {}
  Answer(Ref<Function> function) : item_(std::move(function)) {}
  Answer(Failed) : item_(Item::absent()) {}

  bool has_value() const { return !item_.is_absent(); }
  bool is_array() const { return item_.is_array(); }
  Item&& value() && { return std::move(item_); }
  Failed error() const { return {}; }

 private:
  Item item_;
};

}  // namespace pawl::asl::jsonata
