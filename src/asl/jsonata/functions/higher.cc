#include "asl/jsonata/evaluate/merge_sort.h"
#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/text/utf8.h"
#include "asl/jsonata/value/elements.h"

// Functions that take functions.

namespace pawl::asl::jsonata {
namespace {

size_t arity(const Item& function) {
  if (const LibraryRow* row = function.library()) return row->arity;
  const Function* made = function.function();
  if (made == nullptr) return 1;
  switch (made->kind) {
    case Function::Kind::lambda:
      return made->parameters.size();
    case Function::Kind::partial: {
      size_t open = 0;
      for (const Item& part : made->parts) open += part.is_absent() ? 1 : 0;
      return open;
    }
    case Function::Kind::matcher:
      return 2;
    case Function::Kind::next_match:
      return 0;
    default:
      return 1;
  }
}

// A function that is called for one element after another: with the element, and with its place and
// the whole where the function has parameters for them.
class Callback {
 public:
  Callback(Call& call, Item function, Item whole)
      : run_(call.run),
        function_(std::move(function)),
        whole_(std::move(whole)),
        arity_(arity(function_)) {}

  Answer operator()(const Item& element, const Item& place) const {
    Arguments arguments;
    arguments.push_back(element);
    if (arity_ >= 2) arguments.push_back(place);
    if (arity_ >= 3) arguments.push_back(whole_);
    return run_.apply(function_, std::move(arguments));
  }

 private:
  Run& run_;
  Item function_;
  Item whole_;
  size_t arity_;
};

// What `take` keeps of the elements and of what the function answers for each of them.
template <typename Take>
Answer collected(Call& call, const Take& take) {
  if (!call.has(0)) return Item();
  const Callback callback(call, call[1], call[0]);
  auto results = make_sequence(call.heap());
  const Elements elements(call[0]);
  for (size_t at = 0; at < elements.size(); ++at) {
    const Item element = elements[at];
    Item answer = TRY(callback(element, static_cast<double>(at)));
    TRY(take(*results, element, std::move(answer)));
  }
  return results;
}

Answer map(Call& call) {
  return collected(call, [](List& results, const Item&, Item answer) -> Result<bool, Failed> {
    if (!answer.is_undefined()) results.push(std::move(answer));
    return true;
  });
}

Answer filter(Call& call) {
  return collected(call, [&](List& results, const Item& element, const Item& answer) {
    auto is_kept = call.run.holds(answer);
    if (is_kept && *is_kept) results.push(element);
    return is_kept;
  });
}

Answer single(Call& call) {
  if (!call.has(0)) return Item();
  const Callback callback(call, call[1], call[0]);
  Item found = Item::absent();
  for (size_t at = 0; at < call[0].size(); ++at) {
    const Item element = call[0].at(at);
    if (call.has(1)) {
      const Item result = TRY(callback(element, static_cast<double>(at)));
      if (!TRY(call.run.holds(result))) continue;
    }
    if (!found.is_absent()) return call.fail(Fault("D3138").with_index(at));
    found = element;
  }
  if (found.is_absent()) return call.fail(Fault("D3139"));
  return found;
}

Answer reduce(Call& call) {
  if (!call.has(0)) return Item();
  const size_t parameters = arity(call[1]);
  if (parameters < 2) return call.fail(Fault("D3050").with_index(1));
  const size_t size = call[0].size();
  const bool begins_with_first = !call.has(2) && size > 0;
  Item result = begins_with_first ? call[0].at(0) : call[2];
  for (size_t at = begins_with_first ? 1 : 0; at < size; ++at) {
    Arguments arguments;
    arguments.push_back(std::move(result));
    arguments.push_back(call[0].at(at));
    if (parameters >= 3) arguments.push_back(static_cast<double>(at));
    if (parameters >= 4) arguments.push_back(call[0]);
    result = TRY(call.run.apply(call[1], std::move(arguments)));
  }
  return result;
}

Answer each(Call& call) {
  auto results = make_sequence(call.heap());
  if (!call[0].is_object()) return results;
  const Callback callback(call, call[1], call[0]);
  for (size_t at = 0; at < call[0].size(); ++at) {
    Item result = TRY(callback(call[0].value_at(at), call[0].key_at(at)));
    if (!result.is_undefined()) results->push(std::move(result));
  }
  return results;
}

Answer sift(Call& call) {
  if (!call[0].is_object() || !call.has(1)) return Item();
  const Callback callback(call, call[1], call[0]);
  auto results = make_record(call.heap());
  for (size_t at = 0; at < call[0].size(); ++at) {
    const Item result = TRY(callback(call[0].value_at(at), call[0].key_at(at)));
    if (TRY(call.run.holds(result))) results->set(call[0].key_at(at), call[0].value_at(at));
  }
  if (results->members.empty()) return Item();
  return results;
}

Answer sort(Call& call) {
  if (!call.has(0) || call[0].size() <= 1) return call[0];
  const Item& array = call[0];
  if (!call.has(1) && !are_numbers(array) && !are_texts(array))
    return call.fail(Fault("D3070").with_index(1));
  const auto is_behind = [&](uint32_t left, uint32_t right) -> Result<bool, Failed> {
    const Item a = array.at(left), b = array.at(right);
    if (call.has(1)) {
      const Item result = TRY(call.run.apply(call[1], {a, b}));
      return call.run.holds(result);
    }
    TRY(call.run.count_steps());
    if (a.is_number()) return a.number() > b.number();
    return compare_texts(a.text(), b.text()) > 0;
  };
  TRY(call.run.may_take(array.size() * sizeof(Item)));
  const auto order = TRY(merge_sort(array.size(), is_behind));
  auto sorted = make_list(call.heap());
  sorted->reserve(array.size());
  for (const uint32_t place : order) sorted->push(array.at(place));
  return sorted;
}

}  // namespace

std::span<const FunctionRow> higher_functions() {
  static constexpr FunctionRow rows[] = {
      {"map", "<af>", 2, map},        {"filter", "<af>", 2, filter},
      {"single", "<af?>", 2, single}, {"reduce", "<afj?:j>", 3, reduce},
      {"each", "<o-f:a>", 2, each},   {"sift", "<o-f?:o>", 2, sift},
      {"sort", "<af?:a>", 2, sort},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
