#include "asl/jsonata/evaluate/run.h"

#include "asl/intrinsic/entropy.h"
#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/program.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

// Of the thread's stack, whatever the other limits are. Threads have 8 MiB.
constexpr ptrdiff_t stack_bytes_max = 5 << 20;
// How often the clock is asked.
constexpr int64_t steps_between_looks = 1024;

}  // namespace

Run::Run(const World& world, const Names& names)
    : world_(world),
      heap_(world.limits.bytes_max),
      names_(names),
      globals_(names_.size(), Item::absent()),
      globals_frame_(heap_.make<Frame>(nullptr)),
      entropy_(world.facts.entropy),
      stack_begin_(static_cast<const char*>(__builtin_frame_address(0))) {
  for (const auto& [name, value] : world.bindings) {
    const uint32_t id = names_.id_of(name);
    if (id >= globals_.size()) globals_.resize(id + 1, Item::absent());
    globals_[id] = Item::of(value);
  }
}

Run::~Run() {
  globals_.clear();
  // Closures and the frames that hold them hold each other: undo that, then all of them can go.
  std::vector<Ref<Frame>> frames;
  for (Frame* frame = heap_.frames; frame != nullptr; frame = frame->next_alive)
    frames.emplace_back(frame);
  for (const auto& frame : frames) frame->clear();
}

Item Run::keep(json::Value value) { return Item::of(kept_.emplace_back(std::move(value))); }

Result<const DatePicture*, Fault> Run::date_picture(std::string_view text) {
  constexpr size_t remembered_max = 64;
  const auto known = date_pictures_.find(text);
  if (known != date_pictures_.end()) return &known->second;
  if (date_pictures_.size() == remembered_max) date_pictures_.clear();
  auto picture = TRY(DatePicture::analyse(text));
  return &date_pictures_.emplace(text, std::move(picture)).first->second;
}

uint64_t Run::random() {
  intrinsic::Entropy entropy(entropy_++ * 0xD1342543DE82EF95);
  return entropy.next();
}

Failed Run::fail(Fault fault) {
  if (!fault_) fault_ = std::move(fault);
  return {};
}

// Looks at the limits, and says when to look again.
Result<bool, Failed> Run::look_at_limits() {
  const Limits& limits = world_.limits;
  if (heap_.is_over()) return fail(limit_reached("The evaluation needs too much memory"));
  const bool is_over = steps() > limits.steps_max || (limits.is_expired && limits.is_expired());
  if (is_over) return fail(limit_reached("Expression evaluation timeout: Check for infinite loop"));
  next_look_ = std::min(steps_ + steps_between_looks, limits.steps_max + 1);
  return true;
}

Result<bool, Failed> Run::may_take(size_t bytes) {
  if (bytes <= world_.limits.bytes_max && heap_.bytes() + bytes <= world_.limits.bytes_max)
    return true;
  return fail(limit_reached("The evaluation needs too much memory"));
}

Answer Run::evaluate_root(const Node& root) {
  Item input = world_.input == nullptr ? Item() : Item::of(*world_.input);
  const uint32_t whole_input = names_.id_of("$");
  globals_frame_->bind(whole_input, input);
  if (input.is_array()) {
    auto wrapper = make_sequence(heap_);
    wrapper->is_outer_wrapper = true;
    wrapper->push(input);
    input = Item(std::move(wrapper));
  }
  return evaluate(root, input, globals_frame_.get());
}

Answer Run::evaluate_nested(const Node& node, const Item& input, Frame* frame) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (nesting_ >= world_.limits.nesting_max || stack_begin_ - here > stack_bytes_max)
    return fail(too_deep());
  TRY(count_steps());
  ++nesting_;
  Answer answer = evaluate_kind(node, input, frame);
  if (answer.has_value() && (node.extras || answer.is_array()))
    answer = settle(node, std::move(answer).value(), frame);
  if (answer.has_value()) --nesting_;
  return answer;
}

// What comes after every kind of node: predicates and groups, then a sequence of one or none
// becomes what it stands for.
Answer Run::settle(const Node& node, Item item, Frame* frame) {
  if (node.has_predicates())
    for (const Stage& stage : node.extras->predicates)
      item = TRY(filter(*stage.filter, item, frame));
  if (node.kind != NodeKind::path && node.has_group())
    item = TRY(group(*node.extras->group, item, frame));
  List* list = item.list();
  if (list == nullptr || !list->is_sequence || list->is_tuple_stream) return item;
  if (node.keeps_array) list->keeps_singleton = true;
  if (list->size() == 0) return Item();
  if (list->size() > 1 || list->keeps_singleton) return item;
  return list->at(0);
}

Answer Run::evaluate_kind(const Node& node, const Item& input, Frame* frame) {
  switch (node.kind) {
    case NodeKind::path:
      return path(node, input, frame);
    case NodeKind::literal:
      return Item::of(node.value);
    case NodeKind::name:
      return look_up(heap_, input, node.value.string());
    case NodeKind::variable:
      return variable(node, input, frame);
    case NodeKind::wildcard:
      return wildcard(input);
    case NodeKind::descendant:
      return descendants(input);
    case NodeKind::parent:
      for (Frame* at = frame; at != nullptr; at = at->parent.get())
        if (const Item* found = at->find(node.slot->label)) return *found;
      return Item();
    case NodeKind::regex:
      return make_matcher(node);
    case NodeKind::binary:
      return binary(node, input, frame);
    case NodeKind::negate:
      return negate(node, input, frame);
    case NodeKind::array:
      return array(node, input, frame);
    case NodeKind::object:
      return group({node.pairs, node.position}, input, frame);
    case NodeKind::block:
      return block(node, input, frame);
    case NodeKind::condition:
      return condition(node, input, frame);
    case NodeKind::fallback:
      return fallback(node, input, frame);
    case NodeKind::bind: {
      Item value = TRY(evaluate(*node.right, input, frame));
      frame->bind(node.id, value);
      return value;
    }
    case NodeKind::call:
      return call(node, input, frame, nullptr);
    case NodeKind::partial:
      return partial(node, input, frame);
    case NodeKind::lambda:
    case NodeKind::transform:
      return make_lambda(node, input, frame);
    case NodeKind::apply:
      return chain(node, input, frame);
    default:
      return fail(Fault("S0206").at(node.position));
  }
}

Answer Run::evaluate_text(std::string_view source, const Item& input, Frame* frame) {
  Tree& tree = evaluated_.emplace_back();
  const std::string& text = std::string(kept_.emplace_back(source).string());
  if (auto fault = compile_into(text, world_.dialect, tree, names_)) {
    return fail(Fault("D3120").with_text("value", fault->message()));
  }
  globals_.resize(names_.size(), Item::absent());
  auto answer = evaluate(*tree.root, input, frame);
  if (answer.has_value() || fault_->code() == "U1001") return answer;
  const std::string message = fault_->message();
  fault_.reset();
  return fail(Fault("D3121").with_text("value", message));
}

}  // namespace pawl::asl::jsonata
